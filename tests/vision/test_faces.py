"""The detector of faces on real footage."""

import builtins
import json
import sys

import av
import pytest

from pynvr.base.errors import MissingLibraryError
from pynvr.config.load import load
from pynvr.media.still import Picture
from pynvr.model.settings import DetectorSettings
from pynvr.vision import faces
from pynvr.vision.faces import FaceDetector
from pynvr.vision.libraries import missing_libraries
from tests.footage import face_clip

WANTED = DetectorSettings(enabled=True, threshold=0.7)


@pytest.fixture(scope="module")
def pictures():
    with av.open(str(face_clip())) as container:
        return [Picture(frame) for number, frame in enumerate(container.decode(video=0)) if number % 30 == 0]


def test_the_man_in_the_car_has_one_face_in_every_picture(pictures):
    detector = FaceDetector()
    for picture in pictures:
        (face,) = detector.look(picture, 1, WANTED)
        assert face.confidence > 0.95
        assert 0.2 < face.box.x < 0.5
        assert 0.2 < face.box.width < 0.4
        assert face.box.y + face.box.height <= 1


def test_zones_and_threshold_leave_faces_out(pictures):
    detector = FaceDetector()
    right = (((0.8, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0)),)
    assert detector.look(pictures[0], 1, DetectorSettings(enabled=True, threshold=0.7, zones=right)) == []
    assert detector.look(pictures[0], 1, DetectorSettings(enabled=True, threshold=1.0, zones=right)) == []


def test_a_picture_without_a_face_has_none(pictures):
    frame = av.VideoFrame(320, 240, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    assert FaceDetector().look(Picture(frame), 1, WANTED) == []


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch):
    faces._networks.cache_clear()
    really_import = builtins.__import__

    def refuse(name, *rest):
        if name == "cv2":
            raise ImportError("no", name="cv2")
        return really_import(name, *rest)

    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingLibraryError, match=r"cv2 is missing: pip install 'pynvr\[faces\]'"):
        FaceDetector()
    monkeypatch.undo()
    faces._networks.cache_clear()


def test_what_is_missing_is_told_only_to_who_wants_faces(monkeypatch, tmp_path):
    monkeypatch.setattr("pynvr.vision.libraries.find_spec", lambda name: None)

    def missing(**detect):
        path = tmp_path / "nvr.json"
        path.write_text(json.dumps({"cameras": [{"id": "gate", "url": "rtsp://192.0.2.1/", "detect": detect}]}))
        return missing_libraries(load(path))

    assert missing(motion={"enabled": True}) == []
    (sentence,) = missing(faces={"enabled": True})
    assert "pynvr[faces]" in sentence
