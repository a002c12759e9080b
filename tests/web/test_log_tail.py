from pynvr.web import log_tail
from pynvr.web.log_tail import last_records


def line(number: int, level: str = "INFO") -> str:
    return f"2026-03-10T11:00:00.{number % 1000:03d}Z {level} web: number {number}\n"


def test_only_the_end_of_a_long_log_is_read(tmp_path):
    path = tmp_path / "log"
    path.write_text("".join(line(number) for number in range(20_000)))
    assert [one.text for one in last_records(path, 3)] == ["number 19997", "number 19998", "number 19999"]
    assert len(last_records(path, 5000)) == 5000


def test_records_of_several_lines_stay_whole_over_the_blocks(tmp_path):
    path = tmp_path / "log"
    path.write_text(line(1) + "".join(f"  {'x' * 100} {n}\n" for n in range(5000)) + line(2))
    first, second = last_records(path, 2)
    assert second.text == "number 2"
    assert len(first.text.splitlines()) == 5001 and first.text.splitlines()[1].startswith("xxx")


def test_what_lies_far_back_isnt_looked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(log_tail, "MOST_BYTES", 1000)
    path = tmp_path / "log"
    path.write_text(line(0, "ERROR") + "".join(line(number) for number in range(1, 100)))
    assert last_records(path, 5, "ERROR") == []
    assert len(last_records(path, 1000)) < 30


def test_an_empty_log_has_no_records(tmp_path):
    path = tmp_path / "log"
    path.write_text("")
    assert last_records(path, 5) == []
