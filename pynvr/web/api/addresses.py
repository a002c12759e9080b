"""Addresses of recorded video that answers give, exact to the microsecond."""

from pynvr.web.times import exact_seconds


def frame_address(camera_id: str, at_us: int) -> str:
    """Of the picture that was shown then."""
    return f"/api/1/camera/{camera_id}/frame/{exact_seconds(at_us)}.jpg"


def range_address(camera_id: str, from_us: int, to_us: int) -> str:
    """Of what was recorded in `[from_us, to_us)` as one MP4."""
    return f"/api/1/camera/{camera_id}.range.{exact_seconds(from_us)}.to.{exact_seconds(to_us)}.mp4"
