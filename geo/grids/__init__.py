"""Population grids (GeoTIFF) read as cells with people."""
