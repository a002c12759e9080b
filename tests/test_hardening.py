"""What is checked without running anything: the unit's sandbox, libraries' versions, exceptions from rules."""

import ast
import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "init.d/pynvr.service"
# What `systemd-analyze security` may rate the unit at most, times ten.
MOST_EXPOSED = 12

# The first version without a published weakness that reaches us, and what it mends. docs/security.md says how to ask
# for newer ones.
FLOORS = {
    "aiosmtpd": ("1.4.6", "CVE-2024-27305, CVE-2024-34083: smuggled mail; tests only"),
    "bottle": ("0.12.20", "CVE-2022-31799: errors in requests"),
    "gunicorn": ("23.0.0", "CVE-2024-1135, CVE-2024-6827: smuggled requests"),
    "opencv-python-headless": ("4.12", "CVE-2025-53644: memory read while a JPEG is decoded"),
    "pillow": (
        "12.3",
        "CVE-2026-40192, CVE-2026-42309, CVE-2026-59205: memory filled and written; demo and tests only",
    ),
    "psutil": ("5.6.6", "CVE-2019-18874: freed twice"),
    "requests": (
        "2.33",
        "CVE-2024-47081, CVE-2026-25645: logins of .netrc to others; tests and the notifier's library",
    ),
    "setuptools": ("78.1.1", "CVE-2025-47273: files written elsewhere; building only"),
    "websockets": ("9.1", "CVE-2021-33880: passwords guessed by time"),
}


# Of what these bring along, and pip therefore chooses: what is installed must be no older.
ALONG = {
    "certifi": ("2024.7.4", "CVE-2024-39689: an authority that isn't trusted any more"),
    "h11": ("0.16", "CVE-2025-43859: smuggled requests"),
    "idna": ("3.15", "CVE-2024-3651: names that take for ever; PYSEC-2026-215"),
    "pyyaml": ("5.4", "CVE-2020-14343: programs in documents"),
    "urllib3": ("2.7", "CVE-2026-21441: answers that unpack without end; PYSEC-2026-141, PYSEC-2026-142"),
}


def requirements():
    """All that setup.py and pyproject.toml ask for."""
    tree = ast.parse((ROOT / "setup.py").read_text())
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "setup")
    given = {one.arg: one.value for one in call.keywords}
    asked = [*ast.literal_eval(given["install_requires"])]
    asked += [one for extra in ast.literal_eval(given["extras_require"]).values() for one in extra]
    asked += tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    return [Requirement(one) for one in asked]


def test_the_units_sandbox_stays_as_tight_as_it_is():
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout[-500:] + rated.stderr


def test_nothing_that_a_core_file_would_hold_is_written():
    assert "\nLimitCORE=0\n" in UNIT.read_text()


def test_every_library_that_had_a_weakness_is_asked_for_without_it():
    asked = {one.name: one for one in requirements()}
    assert asked.keys() >= FLOORS.keys() and len(asked) > 25, asked.keys()
    too_old = [
        f"{name} {asked[name].specifier}: {floor} mends {what}"
        for name, (floor, what) in FLOORS.items()
        if min(lowest(asked[name]), Version(floor)) != Version(floor)
    ]
    assert too_old == []


@pytest.mark.parametrize("name", ALONG)
def test_no_library_that_came_along_has_a_known_weakness(name):
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} isn't installed")
    floor, what = ALONG[name]
    assert Version(found) >= Version(floor), what


def lowest(requirement):
    bounds = [Version(one.version) for one in requirement.specifier if one.operator in (">=", "==", "~=")]
    return min(bounds, default=Version("0"))


@pytest.mark.parametrize("requirement", requirements(), ids=lambda one: one.name)
def test_what_is_installed_is_what_is_asked_for(requirement):
    try:
        found = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{requirement.name} isn't installed")
    if requirement.name != "setuptools":  # needed to build alone, which has its own
        assert requirement.specifier.contains(found, prereleases=True)


def test_each_exception_from_a_security_rule_has_its_reason():
    silent = []
    for path in (*ROOT.glob("pynvr/**/*.py"), *ROOT.glob("bin/*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.search(r"# noqa: S\d+(?P<reason>.*)", line)
            if found and len(re.findall(r"\w+", found["reason"])) < 2:
                silent.append(f"{path.relative_to(ROOT)}:{number}")
    assert silent == []


# What has no public word; each says so where it stands.
KEPT_TO_THEMSELVES = {("os", "_exit"), ("forkserver", "_forkserver"), ("resource_tracker", "_resource_tracker")}


def test_no_library_is_used_by_names_that_it_keeps_to_itself():
    """Another version of it has others: then a module can't be loaded, or fails when it is used."""
    used = set()
    for path in ROOT.glob("pynvr/**/*.py"):
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        modules = {(one.asname or one.name).split(".")[0] for node in imports for one in node.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                is_private = node.attr.startswith("_") and not node.attr.startswith("__")
                used |= {(node.value.id, node.attr)} if is_private else set()
    assert used == KEPT_TO_THEMSELVES
