"""What a camera is called where people read."""


def named(camera_id: str, name: str) -> str:
    """`Front gate (gate)`; the id alone where there is no other name."""
    return camera_id if name in ("", camera_id) else f"{name} ({camera_id})"
