"""Pages and their files as the application serves them: who gets which, with what headers, and nothing else."""

import gzip
import os
import re
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.capture_folder import CaptureState
from pynvr.model.cause import STOPPED, Cause
from pynvr.web import capture_page
from pynvr.web.captures import Capture
from pynvr.web.pages import OPEN_FILES, PAGES
from pynvr.web.static_files import STATIC, StaticFiles
from tests.web.making import make_site

MODULE = re.compile(r'^(?:import|export)\b[^"]*?from "([^"]+)"|^import "([^"]+)"', re.MULTILINE)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_site(tmp_path_factory.mktemp("pages"))


def test_each_page_comes_as_html_to_whom_it_is_for(made):
    for address, (_file, access, _summary) in PAGES.items():
        if address == "/setup":
            continue
        for role, client in (("viewer", made.as_viewer()), ("admin", made.as_admin())):
            answer = client.get(address)
            assert answer.status == (403 if access == "admin" and role == "viewer" else 200), (address, role)
            assert answer.header("Content-Type") == "text/html; charset=utf-8"


def test_every_page_of_the_table_has_its_file():
    assert {file for file, _, _ in PAGES.values()} <= StaticFiles().names


def test_pages_lead_to_the_login_and_files_answer_401(made):
    for address, (_file, access, _summary) in PAGES.items():
        if access != "open":
            answer = made.anonymous().get(address)
            assert (answer.status, answer.header("Location")) == (303, f"/login?next=%2F{address[1:]}")
    for name in sorted(StaticFiles().names):
        assert made.anonymous().get(f"/static/{name}").status == 401, name


def test_the_open_pages_get_their_files_and_nobody_gets_more(made):
    assert StaticFiles().names >= OPEN_FILES
    for name in sorted(StaticFiles().names):
        answer = made.anonymous().get(f"/login/static/{name}")
        assert answer.status == (200 if name in OPEN_FILES else 404), name


def test_what_the_open_pages_load_is_open():
    for name in sorted(OPEN_FILES):
        if name.endswith(".js"):
            folder = os.path.dirname(name)
            for found in MODULE.findall((STATIC / name).read_text()):
                assert os.path.normpath(os.path.join(folder, found[0] or found[1])) in OPEN_FILES, (name, found)


def test_every_file_that_a_page_or_module_names_is_there():
    names = StaticFiles().names
    for name in sorted(names):
        text = (STATIC / name).read_text(errors="replace")
        if name.endswith(".html"):
            for address in re.findall(r'(?:href|src)="(/(?:login/)?static/[^"]+)"', text):
                assert address.partition("static/")[2] in names, (name, address)
        elif name.endswith(".js"):
            for found in MODULE.findall(text):
                path = found[0] or found[1]
                base = path.removeprefix("/static/") if path.startswith("/") else f"{os.path.dirname(name)}/{path}"
                assert os.path.normpath(base) in names, (name, path)


def test_every_cause_has_words_for_people():
    words = (STATIC / "shell/words.js").read_text()
    known = set(re.findall(r'^  "?([\w ]+?)"?: \{ words: ', words, re.MULTILINE))
    assert known == {cause.value for cause in Cause}
    # By its detail a stop in order is told from a death.
    assert f'"{STOPPED}"' in words and f'NOT_RUNNING = "{Cause.NOT_RUNNING}"' in words


def test_no_page_has_script_or_style_of_its_own():
    for path in STATIC.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_no_form_can_be_sent_before_its_script_takes_it():
    """The browser itself would send it to where it leads nowhere, a password in the address perhaps."""
    capture = Capture("1", CaptureState("rtsp://h/x", 0, "capturing"), True, ())
    texts = {str(path): path.read_text() for path in STATIC.rglob("*.html")}
    texts["captures"] = capture_page.page(None, [capture], [], ZoneInfo("UTC"))
    found = 0
    for name, text in texts.items():
        for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
            for tag in re.findall(r"<button[^>]*>", form):
                if 'type="submit"' in tag or "type=" not in tag:
                    assert " disabled>" in tag, (name, tag)
                    found += 1
        assert "<form" not in text or "<noscript>" in text, name
    assert found >= 8


@pytest.mark.parametrize(
    "name",
    ["../pages.py", "%2e%2e/pages.py", "..%2fpages.py", "/etc/passwd", "login", "", "site.css/", "SITE.CSS", "%00"],
)
def test_a_name_that_isnt_in_the_table_is_nothing(made, name):
    assert made.as_admin().get(f"/static/{name}").status in (400, 404)


def test_a_file_that_the_browser_has_isnt_sent_again(made):
    client = made.as_viewer()
    first = client.get("/static/site.css")
    assert first.header("Cache-Control") == "private, no-cache"
    for known in (first.header("ETag"), f'"other", W/{first.header("ETag")}', "*"):
        again = client.get("/static/site.css", headers={"If-None-Match": known})
        assert (again.status, again.body) == (304, b""), known
        assert again.header("ETag") == first.header("ETag")
    assert client.get("/static/site.css", headers={"If-None-Match": '"other"'}).status == 200


def test_text_goes_out_compressed_to_whom_can_read_it(made):
    client = made.as_viewer()
    plain = client.get("/static/site.css")
    packed = client.get("/static/site.css", headers={"Accept-Encoding": "gzip, br"})
    assert (plain.header("Content-Encoding"), packed.header("Content-Encoding")) == ("", "gzip")
    assert gzip.decompress(packed.body) == plain.body == (STATIC / "site.css").read_bytes()
    assert packed.header("ETag") != plain.header("ETag")
    assert plain.header("Vary") == packed.header("Vary") == "Accept-Encoding"
    assert client.get("/static/site.css", headers={"Accept-Encoding": "br, gzip;q=0"}).body == plain.body


def test_a_changed_file_is_read_again_and_a_new_one_is_found(tmp_path):
    (tmp_path / "a.css").write_text("a {}")
    (tmp_path / "notes.txt").write_text("not for browsers")
    now_s = 100.0
    files = StaticFiles(tmp_path, lambda: now_s)
    assert files.names == {"a.css"}
    before = files.get("a.css")
    (tmp_path / "a.css").write_text("a { color: red }")
    (tmp_path / "b.css").write_text("b {}")
    after = files.get("a.css")
    assert before is not None
    assert after is not None
    assert after.plain == b"a { color: red }"
    assert after.tag != before.tag
    assert files.get("b.css") is None, "the folder is read for each name that isn't there"
    now_s += 1.0
    new = files.get("b.css")
    assert new is not None
    assert new.plain == b"b {}"
    now_s += 1.0
    assert files.get("../a.css") is None
    assert files.get("notes.txt") is None
    (tmp_path / "a.css").unlink()
    assert files.get("a.css") is None, "an upgrade took it away"


def test_a_page_that_says_what_went_wrong_is_dark_or_light_like_the_others(made):
    page = made.anonymous().get("/nothing").body.decode()
    files = re.findall(r'(?:href|src)="(/login/[^"]+)"', page)
    assert "/login/static/shell/theme.js" in files
    assert [made.anonymous().get(file).status for file in files] == [200] * len(files)
