"""Tables of a PostGIS database read as layers."""
