import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits import blocks
from launchpad.edits.evidence import pack_texts, texts_of
from launchpad.errors import ProjectFileError
from launchpad.records.imported import SampleTexts

WORDS = st.none() | st.text(st.characters(codec="utf-8"), max_size=30)
ROWS = st.lists(st.tuples(st.text(max_size=5), st.integers(1, 9), WORDS, WORDS, WORDS), max_size=6)


@given(ROWS)
def test_that_texts_survive_packing(rows):
    texts = SampleTexts(*zip(*rows, strict=True)) if rows else SampleTexts((), (), (), (), ())
    assert texts_of(pack_texts(texts)) == texts


def test_that_texts_without_owners_come_back_with_none():
    assert texts_of(pack_texts(SampleTexts(("a",), (1,), ("q",), ("r",)))).whose == (None,)


def test_that_the_same_texts_are_the_same_block():
    texts = SampleTexts(("a",), (1,), ("q",), ("r",))
    assert pack_texts(texts) == pack_texts(texts)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"no block",
        zlib.compress(b"{}\n"),
        zlib.compress(b"[1]\n"),
        zlib.compress(b'["a",1'),
        zlib.compress(b"x")[:-3],
    ],
)
def test_that_a_damaged_block_is_refused(block):
    with pytest.raises(ProjectFileError, match="damaged"):
        texts_of(block)


def test_that_a_block_which_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(blocks, "MAX_BLOCK", 10_000_000)
    with pytest.raises(ProjectFileError, match="damaged"):
        texts_of(zlib.compress(b"\n" * 50_000_000))
