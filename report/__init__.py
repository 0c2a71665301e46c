"""The same numbers, printed."""
