"""The first page of a header, of which a power cut left some sectors: it is a chunk again."""

import pytest

from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.inplace import Step
from pynvr.finisher.outcome import Finished
from tests.finisher.clips import clip, samples_of, write_chunk

SECTOR, SECTORS = 512, 8


class PowerCut(BaseException):
    """In the middle of the work."""


def at_first_page(step):
    if step is Step.FIRST_PAGE:
        raise PowerCut


@pytest.mark.parametrize("written", [0b1, 0b11, 0b101, 0b10011, 0b1010101, 0b11111110, 0])
def test_a_first_page_written_in_parts_costs_no_frame(tmp_path, written):
    source = clip(audio=True)
    path = write_chunk(tmp_path / "gate", source)
    before = path.read_bytes()
    with pytest.raises(PowerCut):
        finish_chunk(path, at_first_page)
    after = path.read_bytes()
    sectors = [(after if written >> n & 1 else before)[n * SECTOR : (n + 1) * SECTOR] for n in range(SECTORS)]
    path.write_bytes(b"".join(sectors) + after[SECTOR * SECTORS :])
    outcome = finish_chunk(path)
    assert isinstance(outcome, Finished)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()
