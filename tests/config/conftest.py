"""A configuration as text in a file, and what loading it says."""

import json

import pytest

from pynvr.base.errors import ConfigError
from pynvr.config.load import load

URL = "rtsp://user:secret@192.168.1.20/stream"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nvr.json"


@pytest.fixture
def loaded(path):
    """Settings of a document (a Python value, or text as it stands)."""

    def load_document(document):
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        path.chmod(0o600)
        return load(path)

    return load_document


@pytest.fixture
def mistakes(path, loaded):
    """The lines about a document, without the file's name, which is checked here."""

    def lines_about(document):
        with pytest.raises(ConfigError) as failure:
            loaded(document)
        lines = failure.value.mistakes
        assert all(line.startswith(f"{path}: ") for line in lines)
        assert not any("secret" in line for line in lines)
        return [line.removeprefix(f"{path}: ") for line in lines]

    return lines_about


@pytest.fixture
def camera_mistakes(mistakes):
    """The lines about one camera with these keys, each relative to the camera."""

    def lines_about(**keys):
        camera = {"id": "gate", "url": URL} | keys
        return [line.removeprefix("cameras[0].") for line in mistakes({"cameras": [camera]})]

    return lines_about


@pytest.fixture
def camera(loaded):
    """The settings of one camera with these keys."""

    def camera_with(**keys):
        return loaded({"cameras": [{"id": "gate", "url": URL} | keys]}).cameras[0]

    return camera_with
