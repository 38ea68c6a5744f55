import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def pieces(data, size=7):
    return (data[i : i + size] for i in range(0, len(data), size))


def load(data, size=7):
    repeats = []
    return jsons.load(pieces(data, size), "it", repeats.append), repeats


@given(value=VALUES, size=st.integers(1, 40), indent=st.none() | st.integers(0, 3))
def test_that_any_json_reads_the_same_in_pieces_of_any_size(value, size, indent):
    data = json.dumps(value, ensure_ascii=False, indent=indent).encode()
    assert load(data, size)[0] == value


@given(values=st.lists(VALUES, max_size=6), size=st.integers(1, 40))
def test_that_an_array_comes_element_by_element(values, size):
    assert list(jsons.array_items(pieces(json.dumps(values).encode(), size), "it")) == values


@given(value=st.dictionaries(st.text(), VALUES, max_size=5), size=st.integers(1, 40))
def test_that_an_object_comes_key_by_key_with_its_arrays_streamed(value, size):
    data = json.dumps({**value, "samples": [1, [2], {"a": 3}]}).encode()
    found = list(jsons.object_items(pieces(data, size), "it", frozenset({"samples"}), lambda _: None))
    value.pop("samples", None)
    assert [item for item in found if item[0] != "samples"] == list(value.items())
    assert [element for key, element in found if key == "samples"] == [1, [2], {"a": 3}]


def test_that_a_streamed_key_without_an_array_comes_whole():
    found = jsons.object_items([b'{"samples": null}'], "it", frozenset({"samples"}), lambda _: None)
    assert list(found) == [("samples", None)]


def test_that_nan_and_infinities_are_no_values():
    assert load(b"[NaN, Infinity, -Infinity, 1]")[0] == [None, None, None, 1]


def test_that_repeated_keys_are_reported_at_every_depth():
    assert load(b'{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}') == ({"a": 3, "b": {"c": 2}}, ["c", "a"])
    repeats = []
    list(jsons.object_items([b'{"a": 1, "a": 2}'], "it", frozenset(), repeats.append))
    assert repeats == ["a"]


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"a":' * 200_000, b"[" * 100_000 + b"]" * 100_000])
def test_that_bottomless_nesting_is_refused(deep):
    with pytest.raises(ImportRefusedError, match="nested too deeply"):
        load(deep, 1 << 16)


def test_that_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(ImportRefusedError, match="too many digits"):
        load(b"[" + b"9" * 10_000 + b"]", 1 << 16)


@pytest.mark.parametrize(
    "text", [b"", b"  ", b"[1, 2", b'{"a": "b', b"[1 2]", b"{'a': 1}", b"[1]]", b"nul", b'{"a" 1}']
)
def test_that_broken_and_cut_text_is_refused_by_name(text):
    with pytest.raises(ImportRefusedError, match=r"^it is not valid JSON, or is cut off"):
        load(text)


@pytest.mark.parametrize("text", [b"{", b'{"a"', b'{"a":1', b'{"a":1,', b"{1: 2}", b'{"a":1}x', b'{"samples":[1,'])
def test_that_a_cut_object_is_refused(text):
    with pytest.raises(ImportRefusedError, match="cut off"):
        list(jsons.object_items([text], "it", frozenset({"samples"}), lambda _: None))


def test_that_bytes_outside_utf8_are_refused():
    with pytest.raises(ImportRefusedError, match="not UTF-8"):
        load(b'["caf\xe9"]', 1 << 16)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_that_byte_order_marks_are_understood(encoding):
    assert load('["é"]'.encode(encoding), 1 << 16)[0] == ["é"]


def test_that_one_value_too_large_to_hold_is_refused(monkeypatch):
    monkeypatch.setattr(jsons, "MAX_VALUE", 1000)
    with pytest.raises(ImportRefusedError, match="a single value of more than"):
        load(b'["' + b"x" * 5000 + b'"]', 100)
