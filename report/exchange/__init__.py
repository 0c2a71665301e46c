"""A briefing for other programs that draw maps: GeoPackage, shapefiles, GeoJSON."""
