"""The study on one page that opens from a memory stick, without a network."""
