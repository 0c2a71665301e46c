"""The page shown to a meeting: few figures, large, that answer when pointed at."""
