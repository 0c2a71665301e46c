"""Sites where every facility has room for so many only."""
