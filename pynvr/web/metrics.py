"""The figures of /metrics, in Prometheus's text format 0.0.4. Pure.

Names follow prometheus.io/docs/practices/naming: base units, counters end in `_total`.
"""

import math
from collections.abc import Iterable, Sequence

from pynvr.model.cause import Cause
from pynvr.model.status import CameraStatus, Status, is_trouble
from pynvr.store.totals import CameraTotal
from pynvr.web.health import Health, judged
from pynvr.web.traffic import Figures

Labels = dict[str, str]
Sample = tuple[Labels, float]

# A recorder's figure, what it is called here, its kind, and in words.
_RECORDED = (
    ("frames", "pynvr_camera_frames_total", "Frames received since its recorder started."),
    ("bytes", "pynvr_camera_bytes_total", "Bytes received since its recorder started."),
    ("keyframes", "pynvr_camera_keyframes_total", "Keyframes received since its recorder started."),
    ("reconnects", "pynvr_camera_reconnects_total", "Times it had to connect anew since its recorder started."),
)


def page_of(status: Status | None, totals: Sequence[CameraTotal], traffic: Figures | None, now_us: int) -> str:
    """The whole page; without a status, what is known without it."""
    page = _Page()
    page.add("pynvr_up", "gauge", "1 if PyNVR does its work, as /health says.", [({}, _is_up(status, now_us))])
    if status is not None:
        page.add("pynvr_info", "gauge", "Version.", [({"version": status.program.version}, 1)])
        _cameras(page, status)
        _processes(page, status)
        _disks(page, status)
    _archive(page, totals)
    if traffic is not None:
        _traffic(page, traffic)
    return page.text


def _is_up(status: Status | None, now_us: int) -> float:
    return float(judged(status, now_us).health is not Health.ERROR)


def _cameras(page: "_Page", status: Status) -> None:
    cameras = status.cameras
    by_id = [({"camera": camera.id}, camera) for camera in cameras]
    program = status.program
    page.add("pynvr_cameras_wanted", "gauge", "Cameras that are to be recorded.", [({}, program.cameras_wanted)])
    page.add("pynvr_cameras_recording", "gauge", "Cameras that record now.", [({}, program.cameras_recording)])
    recording = [(labels, float(_records(camera))) for labels, camera in by_id if camera.enabled]
    page.add("pynvr_camera_recording", "gauge", "1 while it records.", recording)
    gaps = [
        ({**labels, "cause": camera.cause}, 1.0)
        for labels, camera in by_id
        if camera.enabled and is_trouble(camera.cause)
    ]
    page.add("pynvr_camera_gap", "gauge", "1 while it should be recorded and isn't, with the cause.", gaps)
    since = [(labels, camera.since_us / 1e6) for labels, camera in by_id if camera.enabled]
    page.add("pynvr_camera_state_since_seconds", "gauge", "Since when it records, or doesn't (epoch).", since)
    for figure, name, words in _RECORDED:
        found = [(labels, camera.figures[figure]) for labels, camera in by_id if figure in camera.figures]
        page.add(name, "counter", words, found)
    last = [
        (labels, camera.figures["last_frame_us"] / 1e6)
        for labels, camera in by_id
        if camera.figures.get("last_frame_us")
    ]
    page.add("pynvr_camera_last_frame_seconds", "gauge", "When its last frame came (epoch).", last)


def _records(camera: CameraStatus) -> bool:
    return camera.cause in ("", Cause.RECORDED)


def _processes(page: "_Page", status: Status) -> None:
    processes = [({"process": process.name}, process) for process in status.processes]
    page.add("pynvr_process_up", "gauge", "1 while it runs.", [(name, float(one.pid > 0)) for name, one in processes])
    restarts = [(name, float(one.restarts)) for name, one in processes]
    page.add("pynvr_process_restarts_total", "counter", "Times it was started anew.", restarts)
    memory = [(name, float(one.memory_bytes)) for name, one in processes if one.memory_bytes]
    page.add("pynvr_process_memory_bytes", "gauge", "Proportional set size.", memory)
    page.add("pynvr_problems", "gauge", "What needs a person now.", [({}, len(status.problems))])


def _disks(page: "_Page", status: Status) -> None:
    disks = [({"folder": disk.folder}, disk) for disk in status.disks]
    page.add("pynvr_disk_total_bytes", "gauge", "Size.", [(name, disk.total_bytes) for name, disk in disks])
    page.add("pynvr_disk_free_bytes", "gauge", "Free for PyNVR.", [(name, disk.free_bytes) for name, disk in disks])


def _archive(page: "_Page", totals: Sequence[CameraTotal]) -> None:
    summed: dict[str, tuple[int, int, int]] = {}
    for one in totals:
        segments, size, recorded_us = summed.get(one.camera_id, (0, 0, 0))
        summed[one.camera_id] = (segments + one.segments, size + one.file_bytes, recorded_us + one.recorded_us)
    by_id = [({"camera": camera_id}, sums) for camera_id, sums in summed.items()]
    page.add("pynvr_archive_segments", "gauge", "Finished segments.", [(name, sums[0]) for name, sums in by_id])
    page.add("pynvr_archive_bytes", "gauge", "Their bytes.", [(name, sums[1]) for name, sums in by_id])
    page.add("pynvr_archive_seconds", "gauge", "Their length.", [(name, sums[2] / 1e6) for name, sums in by_id])


def _traffic(page: "_Page", traffic: Figures) -> None:
    requests = [({"status": kind}, float(count)) for kind, count in sorted(traffic.requests.items())]
    page.add("pynvr_http_requests_total", "counter", "Requests answered, by class of status.", requests)
    page.add("pynvr_http_sent_bytes_total", "counter", "Bytes of bodies sent.", [({}, traffic.sent_bytes)])
    page.add("pynvr_http_answering_seconds_total", "counter", "Time taken to answer.", [({}, traffic.answering_s)])
    page.add("pynvr_http_refused_total", "counter", "Downloads refused for want of a place.", [({}, traffic.refused)])
    page.add("pynvr_http_connections", "gauge", "Open connections.", [({}, traffic.connections)])
    page.add("pynvr_http_long_responses", "gauge", "Downloads and videos being sent.", [({}, traffic.long_responses)])


class _Page:
    def __init__(self) -> None:
        self.text = ""

    def add(self, name: str, kind: str, words: str, samples: Iterable[tuple[Labels, float]]) -> None:
        lines = [f"{name}{_labels(labels)} {_number(value)}\n" for labels, value in samples]
        if lines:
            self.text += f"# HELP {name} {words}\n# TYPE {name} {kind}\n" + "".join(lines)


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inner}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))
