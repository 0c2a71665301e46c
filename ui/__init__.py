"""The same numbers, live in the browser."""
