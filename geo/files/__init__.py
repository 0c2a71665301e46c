"""Files as they lie on a disk: archives, shapefiles, KML, several files as one layer."""
