"""The folder of a camera's recordings, tried before it is written into nvr.json."""

import os
import threading
from pathlib import Path

from pynvr.base.folder_trial import try_folder
from pynvr.config.camera_document import Document
from pynvr.config.kinds import NotOfKindError, folder
from pynvr.config.mistakes import shown
from pynvr.web.errors import ApiError

# A disk that doesn't answer must not keep whoever saves a camera.
_PATIENCE_S = 10.0


def refuse_unusable(given: Document, known: Document, now: Path | None, base: Path, place: str) -> None:
    """Raise ApiError 422 if `dst` names another folder than before that recordings can't go to.

    `known`: the camera as the file has it; `now`: where it is recorded to. The folder that a camera has isn't tried:
    its disk may be away for a moment. `base`: what relative names in the file stand under. `place`: the camera's path.
    """
    dst = given.get("dst")
    if dst == known.get("dst"):
        return
    try:
        path = folder(base).read(dst)
    except NotOfKindError:
        return  # of null and what is no name nvr.json's own rules tell
    if path == now:
        return
    if not os.path.isabs(os.path.expanduser(str(dst))):
        raise _refused(place, f"found {shown(dst)}, expected the whole name of a folder, as /srv/video/gate")
    reason = _why_not(path)
    if reason:
        raise _refused(
            place,
            f"{path} can't be used: {reason}. Recordings need a folder that PyNVR can make and write into: "
            "make it and give it to the user that PyNVR runs as, or name another",
        )


def _why_not(path: Path) -> str:
    """Empty if it can be used."""
    reasons: list[str] = []

    def run() -> None:
        try:
            try_folder(path)
        except OSError as err:
            reasons.append(err.strerror or str(err))
        else:
            reasons.append("")

    thread = threading.Thread(target=run, name="folder trial", daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    return reasons[0] if reasons else f"no answer within {_PATIENCE_S:.0f} s (does its disk hang?)"


def _refused(place: str, message: str) -> ApiError:
    mistakes = [{"path": f"{place}.dst", "key": "dst", "message": message}]
    return ApiError(422, "invalid_camera", f"dst: {message}", {"mistakes": mistakes})
