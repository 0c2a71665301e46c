"""The map: an evaluation as layers that the browser fetches once and recolours in place."""
