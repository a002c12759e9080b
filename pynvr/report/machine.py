"""What PyNVR runs on: machine, system, clock, versions of what it is made of."""

import os
import platform
import re
import resource
import time
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import psutil

from pynvr import __version__
from pynvr.media.versions import libav_versions

_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_CLOCK_KEEPERS = frozenset({"systemd-timesyn", "systemd-timesyncd", "chronyd", "ntpd", "openntpd", "ntpd-rs"})
_CPU_INFO = Path("/proc/cpuinfo")
# Where the name ends in what a package says it needs.
_NAME = re.compile(r"[^\w.-]")


def machine() -> dict[str, object]:
    """Figures in bytes and seconds."""
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    return {
        "pynvr": __version__,
        "python": platform.python_version(),
        "system": _system(),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": {"model": _cpu_model(), "count": os.cpu_count(), "load": [round(load, 2) for load in os.getloadavg()]},
        "memory": {"total": memory.total, "available": memory.available},
        "swap": {"total": swap.total, "used": swap.used},
        "up_for": round(time.time() - psutil.boot_time()),
        "open_files_limit": list(files),
        "clock": _clock(),
        "packages": _packages(),
        "libav": libav_versions(),
    }


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _cpu_model() -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _clock() -> dict[str, object]:
    keepers = {process.info["name"] for process in psutil.process_iter(["name"])} & _CLOCK_KEEPERS
    return {
        "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine_zone": list(time.tzname),
        "kept_by": sorted(keepers),
        "systemd_says_synchronised": _SYNCHRONISED.exists(),
    }


def _packages() -> dict[str, str]:
    """Versions of what PyNVR needs and may use, empty where it isn't installed."""
    try:
        needed = requires("pynvr") or []
    except PackageNotFoundError:  # run from its source without being installed
        return {}
    ours = [line for line in needed if "dev" not in line.partition(";")[2]]
    return {name: _version(name) for name in sorted({_NAME.split(line)[0] for line in ours})}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
