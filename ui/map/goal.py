"""A place that the map moves to. It knows no map library: the server's start waits for none."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A known place that the map moves to.

    layer, id
        Of the estate or facility that is ringed there, or of the area (`borders`) that is outlined;
        the layer is empty for an area that is framed.
    bounds
        West, south, east, north, in degrees.
    """

    layer: str
    id: str
    bounds: tuple[float, float, float, float]

    def for_browser(self) -> dict[str, Any]:
        """Return it as the map's script reads it: bounds are corners, latitude first."""
        west, south, east, north = self.bounds
        chosen = {"layer": self.layer, "id": self.id} if self.layer else None
        return {"bounds": [[south, west], [north, east]], "chosen": chosen}
