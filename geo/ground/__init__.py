"""Land in cells, and the areas from which facilities are within a walk."""
