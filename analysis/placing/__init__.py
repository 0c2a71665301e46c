"""Rows without coordinates, and how each finds its place."""
