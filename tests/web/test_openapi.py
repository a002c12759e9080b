"""The description of the interface: true to the routes, and valid OpenAPI."""

import re

import pytest

from pynvr.web.app import all_routes
from pynvr.web.openapi import path_of
from pynvr.web.routing import Access
from tests.web.making import make_site


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_site(tmp_path_factory.mktemp("openapi"))


@pytest.fixture(scope="module")
def document(made):
    return made.token_viewer().get("/api/openapi.json").json


@pytest.fixture(scope="module")
def operations(document):
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_description_is_valid_openapi(document):
    from openapi_spec_validator import OpenAPIV31SpecValidator  # takes a second: not of each worker's collecting

    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_it_holds_every_documented_route_and_nothing_else(made, operations):
    routes = [route for route in all_routes(made.site) if route.documented]
    described = [(route.method, path_of(route.rule)) for route in routes]
    assert len(described) == len(set(described)), "two routes have the same method and address"
    assert set(operations) == set(described)


def test_what_is_not_described_are_pages_and_their_files_and_second_forms_of_an_address(made):
    routes = all_routes(made.site)
    described = {(route.method, route.rule) for route in routes if route.documented}
    for route in routes:
        if not route.documented and (route.method, f"{route.rule}/") not in described:
            assert route.method == "GET"
            assert not route.rule.startswith("/api/"), route.rule


def test_each_operation_has_a_name_of_its_own(operations):
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]\w*", name) for name in names)


def test_the_path_parameters_are_those_of_the_address(operations):
    for (_, path), operation in operations.items():
        named = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
        assert named == re.findall(r"\{(\w+)\}", path), path


def test_parameters_that_a_route_describes_are_in_its_rule(made):
    for route in all_routes(made.site):
        described = {one.name for one in route.parameters if one.where == "path"}
        assert described <= set(re.findall(r"\{(\w+)\}", path_of(route.rule))), route.rule


def test_who_may_call_is_said(made, operations):
    for route in all_routes(made.site):
        if route.documented:
            security = operations[route.method, path_of(route.rule)]["security"]
            expected = [] if route.access is Access.OPEN else [{"token": [route.access]}, {"session": [route.access]}]
            assert security == expected


def test_the_description_needs_a_login_too(made):
    assert made.anonymous().get("/api/openapi.json").status == 401
