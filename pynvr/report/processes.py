"""The processes as the master tells of them, with what the system knows of each."""

import dataclasses

import psutil

from pynvr.model.status import ProcessStatus, Status


def processes(status: Status | None) -> list[dict[str, object]]:
    """Memory in bytes, times in seconds; what the system doesn't tell of a process is missing."""
    return [dataclasses.asdict(one) | _of_system(one) for one in (status.processes if status else ())]


def _of_system(one: ProcessStatus) -> dict[str, object]:
    if not one.pid:
        return {}
    try:
        process = psutil.Process(one.pid)
        with process.oneshot():
            times = process.cpu_times()
            found: dict[str, object] = {
                "resident_bytes": process.memory_info().rss,
                "threads": process.num_threads(),
                "nice": process.nice(),
                "cpu_s": round(times.user + times.system, 2),
                "kernel_state": process.status(),
            }
        found["descriptors"] = process.num_fds()
    except psutil.AccessDenied:
        return {"of_system": "another user's process"}
    except psutil.Error as err:
        return {"of_system": type(err).__name__}
    return found
