"""Two periods compared: what was built, what was put right."""
