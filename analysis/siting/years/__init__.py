"""Sites put into years."""
