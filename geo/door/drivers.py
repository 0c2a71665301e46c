"""Which of GDAL's formats may be opened: a list of what is allowed, never of what is not.

GDAL opens a file as whatever it looks like, not as its name says: a virtual format under the name
`.geojson` reads any file of the computer and asks any server. The list stands in the environment
before GDAL is loaded; set later it has no effect.
"""

import os
from collections.abc import Iterable

ALLOWED = frozenset({
    "ESRI Shapefile", "GPKG", "GeoJSON", "ESRIJSON", "TopoJSON", "LIBKML", "KML", "OpenFileGDB",
})

# GDAL asks no server, follows no neighbouring file, and runs no code out of a file.
_SETTINGS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_PYTHON_DRIVER_PATH": "",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
    # An unused port of this computer: a request that finds its way out all the same fails at once.
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "",
}


def restricted(environment: dict[str, str], known: Iterable[str]) -> dict[str, str]:
    """Return an environment in which GDAL knows the allowed formats only.

    known
        The formats of the installed GDAL.
    """
    others = sorted(set(known) - ALLOWED)
    # Names with blanks are parted by commas; the one with a blank that we skip needs them.
    return {**environment, **_SETTINGS, "OGR_SKIP": ",".join(others)}


def require_restricted() -> None:
    """End this process where GDAL knows a format that is not allowed."""
    import pyogrio  # noqa: PLC0415 - after the environment is set

    if not set(pyogrio.list_drivers()) <= ALLOWED or os.environ.get("PROJ_NETWORK") != "OFF":
        raise SystemExit(3)
