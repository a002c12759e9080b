"""Which libav does the work: PyAV brings its own."""

import av


def libav_versions() -> dict[str, str]:
    """Version by library: `{"libavcodec": "62.11.100", …}`, and PyAV's own."""
    found = {name: ".".join(map(str, version)) for name, version in av.library_versions.items()}
    return {"pyav": av.__version__, **found}
