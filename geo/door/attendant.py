"""The process in which files are read: one line of JSON asks, one line answers.

It is started by `geo.ingest` with the allowed formats in its environment. Results are written as
files into the folder of the request: Arrow and NumPy arrays and JSON, never a pickle.
"""
# ruff: noqa: PLC0415 - what one kind of request needs is loaded by that request

import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from geo.door.confinement import confine
from geo.door.drivers import require_restricted
from geo.door.limits import Limits, allow_cpu, bind_this_process, peak_mb
from geo.door.notes import noted, plain
from geo.errors import PlanningError

FRAME, CRS_TEXT, NETWORK, TABLE = "frame.arrow", "crs.wkt", "network.npz", "table.json"
FINDINGS, ABOUT, NAMES = "findings.json", "about.json", "names.json"


def main() -> None:
    """Answer requests from the standard input until it ends."""
    answers = _own_output()
    limits = Limits(**json.loads(sys.argv[1]))
    rooms = Path(sys.argv[2])
    tempfile.tempdir = str(rooms)
    bind_this_process(limits)
    require_restricted()
    import geo.layers  # noqa: F401 - loaded before the process is confined

    parted = confine(rooms, Path(os.devnull))
    for line in sys.stdin:
        request = json.loads(line)
        allow_cpu(limits.cpu_s)
        done = {**answer(request), "peak_mb": peak_mb(), "parted": parted}
        print(json.dumps(done), file=answers, flush=True)


def _own_output() -> io.TextIOWrapper:
    """Return the standard output for answers alone; what a library prints goes nowhere."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return kept


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what a request asks and tell how it ended: `done`, `refused` or `broken`."""
    room = Path(request["room"])
    try:
        _JOBS[request["job"]](room, Path(request["path"]), request["options"])
    except PlanningError as error:
        said = [plain(message) for message in error.messages]
        return {"refused": type(error).__name__, "messages": said}
    except MemoryError:
        return {"broken": "MemoryError"}
    except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about is told in one line
        return {"broken": f"{type(error).__name__}: {error}"[:500]}
    return {"done": True}


def _layer(room: Path, path: Path, options: dict[str, Any]) -> None:
    from geo.layers import read_layer

    layer = read_layer(path, **options)
    _write_frame(room, layer.frame)
    _write_findings(room, layer.findings)
    about = {
        "headers": dict(layer.headers), "coordinates": layer.coordinates,
        "fingerprint": layer.fingerprint, "made_ids": layer.made_ids,
    }
    (room / ABOUT).write_text(json.dumps(about), encoding="ascii")


def _table(room: Path, path: Path, options: dict[str, Any]) -> None:
    from geo.door.tables import noted_table
    from geo.ledgers.ledger import read_ledger
    from geo.schema import schema_of

    table = read_ledger(path, schema_of(options.pop("schema")), **options)
    (room / TABLE).write_text(json.dumps(noted_table(table)), encoding="ascii")


def _streets(room: Path, path: Path, options: dict[str, Any]) -> None:
    from pyproj import CRS

    from geo.streets import read_streets

    given = options.pop("crs")
    crs = None if given is None else CRS.from_wkt(given)
    network, findings = read_streets(path, crs, **options)
    network.save(room / NETWORK)
    _write_findings(room, findings)


def _names(room: Path, path: Path, _options: dict[str, Any]) -> None:
    from geo.files.inside import names_inside

    (room / NAMES).write_text(json.dumps(names_inside(path)), encoding="ascii")


def _raw(room: Path, path: Path, options: dict[str, Any]) -> None:
    from geo.files.inside import layer_as_it_is

    _write_frame(room, layer_as_it_is(path, **options))


def _write_frame(room: Path, frame: Any) -> None:  # noqa: ANN401 - GeoPandas is loaded by then
    """Write a frame, and its CRS beside it: what Arrow keeps of one costs PROJ 5 ms to look up."""
    crs = "" if frame.crs is None else frame.crs.to_wkt()
    (room / CRS_TEXT).write_text(crs, encoding="utf-8")
    frame.set_crs(None, allow_override=True).to_feather(room / FRAME)


def _write_findings(room: Path, findings: Any) -> None:  # noqa: ANN401 - any sequence of findings
    notes = json.dumps([noted(finding) for finding in findings], ensure_ascii=True)
    (room / FINDINGS).write_text(notes, encoding="ascii")


_JOBS = {
    "layer": _layer, "table": _table, "streets": _streets, "names": _names, "raw": _raw,
}


if __name__ == "__main__":
    main()
