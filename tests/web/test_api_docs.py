"""docs/api.md is true: it lists every call, and what it shows works."""

import json
import re

import pytest

from pynvr.web.app import all_routes
from tests.web.api_table import DOCUMENT, table, with_table
from tests.web.making import PASSWORDS, make_site

SOURCE = "".join(path.read_text() for path in (DOCUMENT.parents[1] / "pynvr" / "web").rglob("*.py"))
CODES = {
    code
    for cell in re.findall(r"^\| \d{3}(?:, \d{3})? \| ([^|]+) \|", DOCUMENT.read_text(), re.MULTILINE)
    for code in re.findall(r"`(\w+)`", cell)
}


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


def test_the_list_of_calls_is_that_of_the_routes(made):
    document = DOCUMENT.read_text()
    assert document == with_table(document, table(all_routes(made.site))), "run: python -m tests.web.api_table"


def test_every_code_of_an_error_that_it_explains_is_sent_somewhere():
    assert CODES
    assert {code for code in CODES if f'"{code}"' not in SOURCE} == set()


def test_every_code_of_an_error_that_is_sent_somewhere_is_explained():
    sent = set(re.findall(r'ApiError\(\s*\w+,\s*"(\w+)"', SOURCE))
    of_others = set(re.findall(r'\d{3}, "(\w+)"\)', SOURCE))  # the table of web/failures.py
    assert {"changed", "database"} <= sent | of_others
    assert (sent | of_others) - CODES == set()


def test_its_way_in_works(made):
    login = made.anonymous()
    answer = login.request("POST", "/api/login", json={"name": "admin", "password": PASSWORDS["admin"]}, ours=False)
    assert answer.status == 200
    made_token = login.request("POST", "/api/tokens", json={"name": "reports"}, ours=False, headers={"X-PyNVR": "1"})
    assert made_token.status == 201
    assert made.anonymous(token=made_token.json["token"]).get("/api/me").status == 200


def test_its_examples_are_json():
    for example in re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL):
        json.loads(example)
