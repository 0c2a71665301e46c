"""The most memory this process has held at once."""

import ctypes
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the peak of the memory held in RAM, in megabytes; NaN where no system tells it."""
    if STATUS.is_file():
        # Of this program alone; what getrusage tells may still be the one that started it.
        words = STATUS.read_text(encoding="utf-8").split("VmHWM:")[1].split()
        return int(words[0]) / 1024
    if sys.platform == "win32":
        return _peak_on_windows() / 2**20
    return _peak_by_usage()


def _peak_by_usage() -> float:
    import resource  # not there on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 1024


class _Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of psapi."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("PageFaultCount", ctypes.c_uint32),
        ("PeakWorkingSetSize", ctypes.c_size_t),
        ("WorkingSetSize", ctypes.c_size_t),
        ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
        ("QuotaPagedPoolUsage", ctypes.c_size_t),
        ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
        ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
        ("PagefileUsage", ctypes.c_size_t),
        ("PeakPagefileUsage", ctypes.c_size_t),
    )


def _peak_on_windows() -> int:
    counters = _Counters()
    counters.cb = ctypes.sizeof(counters)
    system = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]
    kernel, memory = system("kernel32"), system("psapi")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    memory.GetProcessMemoryInfo.argtypes = (
        ctypes.c_void_p, ctypes.POINTER(_Counters), ctypes.c_uint32,
    )  # fmt: skip
    memory.GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.PeakWorkingSetSize)
