"""Networks kept beside a study, so that a large street file is read once.

A kept network carries the sha256 of its source and the parameters it was read with; one that
does not match both is read again, never used.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyproj import CRS

from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import Message
from geo.streets.network import WalkNetwork

log = logging.getLogger(__name__)

Reading = tuple[WalkNetwork, list[Finding]]


def read_kept(path: Path, key: dict[str, Any], read: Callable[[], Reading], crs: CRS) -> Reading:
    """Return the network kept under `path` with this key, else what `read` gives, kept anew.

    key
        Plain JSON values: the source's sha256 and every parameter of the reading.

    Where the folder cannot be written the network is read each time.
    """
    kept = _opened(path, key, crs)
    if kept is not None:
        return kept
    network, findings = read()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        noted = [_noted(finding) for finding in findings]
        network.tagged(key=key, findings=noted).save(path)
    except (OSError, TypeError) as error:
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
    return network, [_told(note) for note in network.origin.get("findings", [])]


def _noted(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "layer": finding.layer,
        "file": finding.file,
        "message": [finding.message.template, dict(finding.message.values)],
        "remedy": finding.remedy and [finding.remedy.template, dict(finding.remedy.values)],
    }


def _told(note: dict[str, Any]) -> Finding:
    remedy = note["remedy"]
    return Finding(
        note["severity"],
        note["layer"],
        _message(note["message"]),
        _message(remedy) if remedy else None,
        file=note["file"],
    )


def _message(noted: list[Any]) -> Message:
    template, values = noted
    return Message(template, values)
