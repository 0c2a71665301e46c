"""What stands between a file and its reading: what it is, how much it may cost, where it runs."""
