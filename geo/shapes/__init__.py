"""Outlines of a layer: checked, repaired, compared with each other."""
