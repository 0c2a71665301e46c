"""What came in, what was changed, what is missing and doubtful, and what that does to results."""
