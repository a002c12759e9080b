"""What a recorder is told when it is started."""

from dataclasses import dataclass

from pynvr.model.settings import Camera, System


@dataclass(frozen=True, slots=True)
class RecorderOrder:
    """Travels through the forkserver's pipe, never through argv, for the camera's URL may hold a password.

    `disk_marker`: the id that `<camera.dst>/.pynvr-disk` must hold; another or none means that the disk is not
    mounted, and nothing is written.
    """

    camera: Camera
    system: System
    disk_marker: str
