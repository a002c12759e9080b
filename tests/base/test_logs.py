import logging
import os
import subprocess
import sys
from pathlib import Path

from pynvr.base.conceal import Conceal, secrets_of
from pynvr.base.logs import AppendingHandler, LogPlace, SafeFormatter, rotate

URL = "rtsp://admin:pl%40nted-secret@10.0.0.1/stream"


def handler_of(path: Path, secrets: tuple[str, ...] = ()) -> AppendingHandler:
    handler = AppendingHandler(path)
    handler.setFormatter(SafeFormatter("recorder gate", Conceal(secrets)))
    return handler


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord("x", logging.WARNING, __file__, 1, message, arguments, info)


def test_a_password_is_masked_in_every_form():
    secrets = secrets_of([URL, "http://10.0.0.2/?user=x&password=other-secret"])
    conceal = Conceal(secrets)
    for text in (
        URL,
        "the password pl@nted-secret is wrong",
        "the password 'pl%40nted-secret' is wrong",
        "Authorization: Basic YWRtaW46cGxAbnRlZC1zZWNyZXQ=",
        "other-secret",
    ):
        assert "nted-secret" not in conceal(text)
        assert "other-secret" not in conceal(text)
        assert "YWRtaW46" not in conceal(text)
        assert "***" in conceal(text)


def test_a_password_in_a_path_is_known_too():
    in_path = Conceal(secrets_of(["rtsp://h/user=admin_password=tlJwpbo6_channel=1.sdp"]))
    assert in_path("tlJwpbo6 was refused") == "*** was refused"


def test_a_password_of_one_letter_does_not_mask_half_the_log():
    assert Conceal(secrets_of(["rtsp://a:e@host/"]))("the recorder ended") == "the recorder ended"


def test_no_password_reaches_the_log_not_even_in_a_traceback(tmp_path: Path):
    path = tmp_path / "x.log"
    handler = handler_of(path, secrets_of([URL]))
    try:
        raise RuntimeError(f"can't open {URL} with pl@nted-secret")
    except RuntimeError as err:
        handler.handle(record("failed on %s", URL, error=err))
    text = path.read_text()
    assert "RuntimeError" in text and "nted-secret" not in text


def test_a_line_of_a_camera_cannot_forge_a_line_of_the_log(tmp_path: Path):
    handler_of(tmp_path / "x.log").handle(record("camera says %s", "hello\n2025-11-21 ERROR master: \x1b[31mforged"))
    first, second = (tmp_path / "x.log").read_text().splitlines()
    assert first.endswith("WARNING recorder gate: camera says hello")
    assert second.startswith("  ") and "\x1b" not in second


def test_the_log_is_readable_by_its_group_at_most_and_is_appended_to(tmp_path: Path):
    path = tmp_path / "x.log"
    handler_of(path).handle(record("one"))
    handler_of(path).handle(record("two"))
    assert path.stat().st_mode & 0o7777 == 0o640
    assert len(path.read_text().splitlines()) == 2


def test_after_a_rotation_every_writer_goes_on_in_the_new_file(tmp_path: Path):
    path = tmp_path / "x.log"
    writers = [handler_of(path), handler_of(path)]
    for number in range(4):
        for writer in writers:
            writer.handle(record("round %d", number))
        assert rotate(path, limit_bytes=10, kept=3)
    assert not rotate(path, limit_bytes=10)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["x.log.1", "x.log.2", "x.log.3"]
    assert [file.read_text().count("round 3") for file in sorted(tmp_path.iterdir())] == [2, 0, 0]


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path):
    folder = tmp_path / "gone"
    handler_of(folder / "x.log").handle(record("into nowhere"))
    folder.mkdir()
    handler = handler_of(folder / "x.log")
    handler.handle(record("one"))
    (folder / "x.log").unlink()
    folder.rmdir()
    handler.handle(record("two"))
    folder.mkdir()
    handler.handle(record("three"))
    assert (folder / "x.log").read_text().endswith("three\n")


def test_an_uncaught_error_goes_to_the_log_without_its_password(tmp_path: Path):
    place = LogPlace(tmp_path / "x.log", False, secrets_of([URL]))
    code = (
        "from pathlib import Path; from pynvr.base.logs import *; import threading\n"
        f"configure(LogPlace(Path({str(place.path)!r}), True, {place.secrets!r}), 'x')\n"
        f"t = threading.Thread(target=lambda: int({URL!r})); t.start(); t.join()\n"
        f"raise RuntimeError({URL!r} + ' pl@nted-secret')\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    text = place.path.read_text()
    assert ended.returncode == 1
    assert "ValueError" in text and "RuntimeError" in text
    assert "nted-secret" not in text + ended.stderr + ended.stdout


def test_a_crash_of_the_interpreter_leaves_its_functions_in_the_log(tmp_path: Path):
    code = (
        "from pathlib import Path; from pynvr.base.logs import *; import os, signal\n"
        f"configure(LogPlace(Path({str(tmp_path / 'x.log')!r})), 'x')\n"
        "def crashing(): os.kill(os.getpid(), signal.SIGSEGV)\n"
        "crashing()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ended.returncode == -11
    assert "in crashing" in (tmp_path / "x.log").read_text()
    assert os.path.getsize(tmp_path / "x.log") < 5000
