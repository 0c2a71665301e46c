"""How many old people there will be."""
