"""What is within the limit, and whether it is enough."""
