"""What a range's MP4 is called."""

from zoneinfo import ZoneInfo

from pynvr.model.stamp import MICROSECONDS, local


def range_name(camera_id: str, start_us: int, end_us: int, zone: ZoneInfo) -> str:
    """`gate 2026-11-21 14.05.10-14.09.42.mp4`: local time, no sign that some file system doesn't take."""
    first, last = local(start_us, zone), local(end_us + MICROSECONDS - 1, zone)
    begin, end = f"{first:%Y-%m-%d %H.%M.%S}", f"{last:%H.%M.%S}"
    if first.date() != last.date():
        return f"{camera_id} {begin} to {last:%Y-%m-%d} {end}.mp4"
    return f"{camera_id} {begin}-{end}.mp4"
