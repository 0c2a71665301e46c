"""Whether estates have the care floor area they owe."""
