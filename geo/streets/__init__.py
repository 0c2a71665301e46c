"""Streets: what can be walked on, read from any of the forms in which offices keep it."""

from geo.streets.network import WalkNetwork
from geo.streets.reading import read_streets

__all__ = ["WalkNetwork", "read_streets"]
