"""What one reading may cost, and how a process is held to it.

Linux and macOS limit a process through `resource`; Windows through a job object.
"""

import os
import sys
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may cost.

    file_mb
        Largest file, as it lies on the disk; a folder or a shapefile counts whole.
    memory_mb
        Address space of the reading process.
    cpu_s, wall_s
        Seconds of processor time, and by the clock.
    """

    file_mb: int = 500
    memory_mb: int = 4096
    cpu_s: int = 120
    wall_s: int = 180


# A province of OpenStreetMap is larger than any ledger, and takes minutes.
FOR_LAYERS = Limits()
FOR_STREETS = Limits(file_mb=2000, memory_mb=8192, cpu_s=900, wall_s=1200)


def bind_this_process(limits: Limits, *, largest_output_mb: int = 2000) -> None:
    """Hold this process to its memory and to writing no huge file; no core is ever dumped."""
    if sys.platform == "win32":
        _bind_to_job(limits)
        return
    import resource  # noqa: PLC0415 - not there on Windows

    for what, most in (
        (resource.RLIMIT_AS, limits.memory_mb * MB),
        (resource.RLIMIT_FSIZE, largest_output_mb * MB),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(what, most)


def allow_cpu(seconds: int) -> None:
    """Give this process so many seconds of processor time from now on; it dies beyond them.

    On Windows the job object holds the whole process to ten times as many instead.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    used = os.times()
    _lower(resource.RLIMIT_CPU, int(used.user + used.system) + seconds + 1, soft=True)


def peak_mb() -> float | None:
    """Return the most memory this process has held, in MB; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (MB if sys.platform == "darwin" else 1024)


def _lower(what: int, most: int, *, soft: bool = False) -> None:
    import resource  # noqa: PLC0415 - not there on Windows

    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(what, (allowed, hard if soft else allowed))
    except (ValueError, OSError):
        if sys.platform == "linux":  # elsewhere a system may not know every limit
            raise


def _bind_to_job(limits: Limits) -> None:
    """Put this process into a Windows job that ends it beyond its memory, and starts no other."""
    import ctypes  # noqa: PLC0415 - only on Windows
    from ctypes import wintypes  # noqa: PLC0415

    class Basic(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class Extended(ctypes.Structure):
        _fields_ = (
            ("Basic", Basic),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    active_process, process_memory, process_time, kill_on_close = 0x8, 0x100, 0x2, 0x2000
    extended_limits, ticks_a_second = 9, 10_000_000
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    job = kernel.CreateJobObjectW(None, None)
    wanted = Extended()
    wanted.Basic.LimitFlags = active_process | process_memory | process_time | kill_on_close
    wanted.Basic.PerProcessUserTimeLimit = 10 * limits.cpu_s * ticks_a_second
    wanted.Basic.ActiveProcessLimit = 1
    wanted.ProcessMemoryLimit = limits.memory_mb * MB
    kernel.SetInformationJobObject(
        wintypes.HANDLE(job), extended_limits, ctypes.byref(wanted), ctypes.sizeof(wanted)
    )
    kernel.AssignProcessToJobObject(
        wintypes.HANDLE(job), wintypes.HANDLE(kernel.GetCurrentProcess())
    )
