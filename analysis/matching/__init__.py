"""Names that mean one another: found, doubted, confirmed and kept."""
