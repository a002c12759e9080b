"""The wizard in a real terminal: what a person sees, and that no password is on the screen."""

import io
import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pexpect
import pytest

from pynvr.cli.wizard_picture import picture_lines
from tests.waiting import wait_until

# The camera's side alone is played; terminal, prompts and hidden typing are real.
PROGRAM = textwrap.dedent("""
    import sys
    import pynvr.cli.check as check
    from dataclasses import replace
    from tests.cli.conftest import SEEN
    picture = open(sys.argv.pop(1), "rb").read()
    check.probe = lambda camera, seconds: replace(SEEN, picture_jpeg=picture)
    from pynvr.cli.main import main
    main()
""")


def hear_ctrl_c():
    """Whoever runs the tests may ignore it, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def state_of(pid):
    """Its main thread's, as proc(5) has it: "S" = it sleeps until something comes."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("picture") / "red.jpg"
    source = ["-f", "lavfi", "-i", "color=red:s=320x180", "-frames:v", "1"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(path)], check=True)
    return path


def test_a_person_at_a_terminal_gets_through(tmp_path, picture):
    path = tmp_path / "nvr.json"
    screen = io.StringIO()
    program = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM, str(picture), "--config", str(path), "config"],
        env={"TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "COLORTERM": "truecolor", "HOME": str(tmp_path)},
        dimensions=(50, 100),
        encoding="utf-8",
        timeout=30,
        preexec_fn=hear_ctrl_c,
    )
    program.logfile_read = screen
    for question, answer in (
        ("Base folder .*: ", ""),
        ("elsewhere.*: ", ""),
        ("Name of this recorder .*: ", "Barn"),
        ("Address .*: ", ""),
        ("Port .*: ", ""),
        ("How many cameras.*: ", "1"),
        ("Name .*: ", "Gate"),
        ("Short name.*: ", ""),
        ("URL: ", "rtsp://cam/1"),
        ("User.*: ", "admin"),
        ("Password: ", "s3cret"),
        ("Folder .*: ", ""),
        ("first video .*: ", ""),
        ("gap .*: ", ""),
        ("✓.* h264 1920x1080.*Next .*: ", ""),
        ("deleted.*: ", ""),
        ("Name of the admin .*: ", ""),
        ("Password: ", "correct horse"),
        ("confirmation: ", "correct horse"),
        ("Old video .*is never deleted.*Write .*nvr.json.*: ", ""),
    ):
        program.expect(question)
        program.sendline(answer)
    program.expect("is written")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    shown = screen.getvalue()
    assert "s3cret" not in shown
    assert "correct horse" not in shown
    assert "38;2;254;0;0" in shown  # the camera's picture, red
    assert json.loads(path.read_text())["cameras"] == [
        {"id": "gate", "name": "Gate", "url": "rtsp://admin:s3cret@cam/1"}
    ]


def test_ctrl_c_leaves_everything_as_it_was(tmp_path, picture):
    program = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM, str(picture), "--config", str(tmp_path / "nvr.json"), "config"],
        encoding="utf-8",
        timeout=30,
        preexec_fn=hear_ctrl_c,
    )
    program.expect("Base folder .*: ")
    program.sendline("")
    program.expect("elsewhere.*: ")
    # Python hears Ctrl-C between the question and the wait for its answer only with the next key.
    wait_until(lambda: state_of(program.pid) == "S", what="the wizard to wait for an answer")
    program.sendintr()
    program.expect("Aborted!")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 1
    assert list(tmp_path.iterdir()) == []


def test_a_picture_without_24_bit_colours_takes_the_cube():
    white, black = 255, 0
    planes = bytes([white, white, black, black]) + bytes([128, 128])
    assert picture_lines(planes, 2, 2, true_colour=False) == ["\x1b[38;5;231;48;5;16m▀" * 2 + "\x1b[0m"]
    assert picture_lines(planes, 2, 2, true_colour=True) == ["\x1b[38;2;255;255;255;48;2;0;0;0m▀" * 2 + "\x1b[0m"]
