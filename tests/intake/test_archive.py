import struct
import zlib

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchpad.errors import ImportRefusedError
from launchpad.intake import archive

METHODS = [0, 8, 93]


def content(path, name="a", limit=archive.MAX_DOCUMENT):
    with archive.opened(path, archive.members_of(path)) as opened:
        return b"".join(archive.read(opened, name, limit))


@pytest.mark.parametrize("method", METHODS)
def test_that_a_member_comes_back_whole_from_every_method_a_harness_writes(make_zip, method):
    data = bytes(range(256)) * 1000
    assert content(make_zip([("a", data), ("b", b"other")], method)) == data


def test_that_what_is_read_comes_in_small_pieces(make_zip):
    path = make_zip([("a", b"x" * 1_000_000)])
    with archive.opened(path, archive.members_of(path)) as opened:
        assert max(map(len, archive.read(opened, "a"))) <= archive.PIECE


def test_that_of_members_with_one_name_the_last_counts(make_zip):
    assert content(make_zip([("a", b"first"), ("a", b"second")])) == b"second"


def test_that_names_leading_out_of_the_folder_are_only_names(make_zip, tmp_path):
    path = make_zip([("../../escape.json", b"x"), ("/etc/passwd", b"y")])
    assert content(path, "../../escape.json") == b"x"
    assert [file.name for file in tmp_path.iterdir()] == ["log.eval"]


@pytest.mark.parametrize("method", [8, 93])
def test_that_a_member_unpacking_to_more_than_allowed_is_refused(make_zip, method):
    path = make_zip([("a", bytes(40_000_000))], method)
    with pytest.raises(ImportRefusedError, match=r"'a' unpacks to more than (16|32) MB"):
        content(path)
    with pytest.raises(ImportRefusedError, match=r"more than 1 MB"):
        content(path, limit=1 << 20)


def test_that_a_bomb_inside_one_frame_is_stopped_while_it_unpacks(make_zip):
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(200_000_000))
    assert len(bomb) < 50_000
    path = make_zip([("a", bomb)], 0)
    # The directory says zstandard and a small size; both may be lies.
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 10] = 93
    path.write_bytes(data)
    with pytest.raises(ImportRefusedError, match="unpacks to more than"):
        content(path)


def test_that_a_changed_byte_is_noticed(make_zip):
    path = make_zip([("a", b"0123456789" * 20)], 0)
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    with pytest.raises(ImportRefusedError, match="does not match its checksum"):
        content(path)


@pytest.mark.parametrize("method", [8, 93])
def test_that_broken_compressed_data_is_refused(make_zip, method):
    path = make_zip([("a", bytes(range(256)) * 50)], method)
    data = bytearray(path.read_bytes())
    data[35:60] = b"\xff" * 25
    path.write_bytes(data)
    with pytest.raises(ImportRefusedError, match="damaged"):
        content(path)


def test_that_an_archive_cut_short_is_refused(make_zip):
    path = make_zip([("a", b"x" * 5000)], 0)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(ImportRefusedError, match=r"log\.eval.*table of contents is missing") as refused:
        archive.members_of(path)
    assert "Copy it again" in refused.value.hint


def test_that_a_broken_table_of_contents_is_refused(make_zip):
    path = make_zip([("a", b"x")], 0)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"PK\x01\x02", b"PK\x09\x09"))
    with pytest.raises(ImportRefusedError, match="table of contents is broken"):
        archive.members_of(path)


def test_that_an_encrypted_member_is_refused(make_zip):
    with pytest.raises(ImportRefusedError, match="encrypted"):
        content(make_zip([("a", b"x")], 0, flags=0x801))


def test_that_a_compression_no_harness_uses_is_refused(make_zip):
    with pytest.raises(ImportRefusedError, match="method 99"):
        content(make_zip([("a", b"x")], 99))


def test_that_a_table_of_contents_claiming_endless_members_is_refused(make_zip):
    path = make_zip([("a", b"x")], 0)
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    record = struct.pack("<LQHHLLQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 10**9, 10**9, 46 * 10**9, 0)
    locator = struct.pack("<LLQL", 0x07064B50, 0, end, 1)
    path.write_bytes(data[:end] + record + locator + data[end:])
    with pytest.raises(ImportRefusedError, match="more than 1,000,000 members"):
        archive.members_of(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=3000),
    method=st.sampled_from(METHODS),
    wound=st.integers(0, 10**6),
    byte=st.integers(0, 255),
)
def test_that_a_wounded_archive_gives_the_same_bytes_or_is_refused(make_zip, data, method, wound, byte):
    path = make_zip([("a", data)], method)
    whole = bytearray(path.read_bytes())
    whole[wound % len(whole)] = byte
    path.write_bytes(whole)
    try:
        found = content(path)
    except ImportRefusedError:
        return
    except KeyError:
        return  # the wound hit the name
    assert found == data
    assert zlib.crc32(found) == zlib.crc32(data)


def large(name, data, offset=0xFFFFFFFF):
    """An archive of one stored member whose sizes and place stand in the extra field, as beyond 4 GB."""
    title, unknown = name.encode(), 0xFFFFFFFF
    local = struct.pack("<HHHHHLLLHH", 45, 0, 0, 0, 0x21, 0, unknown, unknown, len(title), 0)
    body = b"PK\x03\x04" + local + title + data
    extra = struct.pack("<HHL", 0xCAFE, 4, 7) + struct.pack("<HHQQQ", 1, 24, len(data), len(data), 0)
    facts = struct.pack("<HHHHHHLLL", 45, 45, 0, 0, 0, 0x21, zlib.crc32(data), unknown, unknown)
    table = b"PK\x01\x02" + facts + struct.pack("<HHHHHLL", len(title), len(extra), 0, 0, 0, 0, offset) + title + extra
    record = struct.pack("<LQHHLLQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(table), len(body))
    locator = struct.pack("<LLQL", 0x07064B50, 0, len(body) + len(table), 1)
    end = struct.pack("<LHHHHLLH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, unknown, unknown, 0)
    return body + table + record + locator + end


def test_that_members_of_very_large_archives_are_found(tmp_path):
    path = tmp_path / "large.eval"
    path.write_bytes(large("a", b"0123456789"))
    assert content(path) == b"0123456789"
    path.write_bytes(large("a", b"0123456789", offset=0))
    assert content(path) == b"0123456789"


def test_that_names_are_read_in_the_encoding_their_entry_tells(make_zip):
    path = make_zip([("日本語", b"x")])
    assert list(archive.members_of(path)) == ["日本語"]
    old = make_zip([("naïve", b"x")], flags=0, name="old.eval")
    assert list(archive.members_of(old)) == ["naïve".encode().decode("cp437")]


def test_that_offsets_that_count_from_elsewhere_are_put_right(make_zip):
    path = make_zip([("a", b"content")], 0)
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())
    assert content(path) == b"content"


def test_that_entries_are_looked_up_without_taking_the_others_apart(make_zip):
    found = archive.members_of(make_zip([(f"m{i}", bytes([i])) for i in range(100)], 0))
    assert len(found) == 100
    assert "m99" in found
    assert "m100" not in found
    assert found["m7"].size == 1
