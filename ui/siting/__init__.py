"""The page of siting: a scenario changed by gestures, what it gives, and what would be best."""
