import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.archive.nal import Units, units_of
from tests.archive.building import nal


@given(data=st.data(), kinds=st.lists(st.sampled_from([1, 5, 6, 7, 8]), min_size=1, max_size=6))
def test_cutting_an_access_unit_anywhere_changes_nothing(data, kinds):
    whole = b"".join(nal(0x60 | kind, 3 + number) for number, kind in enumerate(kinds))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    pieces = tuple(whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True))
    assert units_of(pieces, len(whole)) is (Units.IDR if 5 in kinds else Units.INTER)


@pytest.mark.parametrize(
    "payload",
    [(), (b"",), (nal(1)[:-1],), (nal(1) + b"\0",), (bytes(5),), (b"\0\0\0\1",), (nal(1), nal(1)[:4]), (b"\0" * 40,)],
)
def test_lengths_that_do_not_add_up_are_seen(payload):
    assert units_of(payload, sum(map(len, payload))) is Units.BROKEN


def test_a_size_that_is_not_the_payloads_is_seen():
    assert units_of((nal(1),), len(nal(1)) + 1) is Units.BROKEN
    assert units_of((nal(1), nal(1)), len(nal(1))) is Units.BROKEN
