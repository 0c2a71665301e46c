"""Networks kept beside a study, so that a large street file is read once.

A kept network carries the sha256 of its source, the parameters it was read with and the number of
the reader; one that does not match all of them is read again, never used.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyproj import CRS

from geo.door.notes import noted, told
from geo.errors import StreetsError
from geo.findings import Finding
from geo.streets.network import WalkNetwork
from geo.streets.reading import READER

log = logging.getLogger(__name__)

Reading = tuple[WalkNetwork, list[Finding]]


def read_kept(path: Path, key: dict[str, Any], read: Callable[[], Reading], crs: CRS) -> Reading:
    """Return the network kept under `path` with this key, else what `read` gives, kept anew.

    key
        Plain JSON values: the source's sha256 and every parameter of the reading. The number of the
        reader (`READER`) is added here.

    Where the folder cannot be written the network is read each time.
    """
    key = {**key, "reader": READER}
    kept = _opened(path, key, crs)
    if kept is not None:
        return kept
    network, findings = read()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        notes = [noted(finding) for finding in findings]
        network.tagged(key=key, findings=notes).save(path)
    except (OSError, TypeError, ValueError) as error:
        log.info("the network is not kept: %s", error)
    return network, findings


def _opened(path: Path, key: dict[str, Any], crs: CRS) -> Reading | None:
    if not path.is_file():
        return None
    try:
        network = WalkNetwork.load(path)
    except StreetsError:
        return None
    if network.origin.get("key") != key or network.crs != crs:
        return None
    try:
        return network, [told(note) for note in network.origin["findings"]]
    except (KeyError, TypeError, AttributeError, ValueError):  # tampered with: read again
        return None
