"""The worst files we could think of, made small on disk and large in what they ask for."""

import io
import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import zstandard

from tests.intake.conftest import dumped, header, metric, metrics, score, summary, zip_bytes

MB = 1 << 20
FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Member:
    """A member with what its entry claims; with `at` it has the bytes of the member at that place."""

    name: str
    method: int
    packed: bytes
    size: int
    checksum: int = 0
    at: int = -1


def deflated(piece: bytes, times: int, ending: bytes = b"") -> bytes:
    """A deflate stream of one piece many times over, without packing it as often."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packer.compress(b"")
    once = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return once * times + last.compress(ending) + last.flush()


def zstandarded(start: bytes, piece: bytes, times: int) -> bytes:
    """Zstandard frames of one piece many times over."""
    packer = zstandard.ZstdCompressor()
    return packer.compress(start) + packer.compress(piece) * times


def crafted(members: Iterable[Member]) -> bytes:
    """A zip archive of members whose entries may lie."""
    body, table, count, places = bytearray(), bytearray(), 0, list[int]()
    for member in members:
        title = member.name.encode()
        sizes = (member.checksum, len(member.packed) or member.size, member.size)
        facts = struct.pack("<HHHHHLLL", 20, 0x800, member.method, 0, 0x21, *sizes)
        tail = struct.pack("<HH", len(title), 0)
        places.append(places[member.at] if member.at >= 0 else len(body))
        if member.at < 0:
            body += b"PK\x03\x04" + facts + tail + title + member.packed
        table += b"PK\x01\x02" + struct.pack("<H", 20) + facts + tail
        table += struct.pack("<HHHLL", 0, 0, 0, 0, places[-1]) + title
        count += 1
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(table), len(body), 0)
    return bytes(body) + bytes(table) + end


def stored(name: str, data: bytes) -> Member:
    """An honest member."""
    return Member(name, 0, data, len(data), zlib.crc32(data))


def log_with(name: str, method: int, packed: bytes, size: int = 2**31) -> bytes:
    """An Inspect log of which one member is crafted."""
    head = dumped(header([score("refusal", metrics(accuracy=metric(0.5)), 4)]))
    known = [] if name == "header.json" else [stored("header.json", head)]
    return crafted([*known, Member(name, method, packed, size)])


def archives() -> Iterator[tuple[str, bytes]]:
    """Zip archives: bombs by ratio, size, count and overlap, and lies of every kind."""
    start = dumped({"version": 2, "eval": header(None)["eval"]})
    spaces = deflated(b" " * MB, 12_000)
    yield "deflate_12_GB.eval", log_with("header.json", 8, spaces)
    keys = b"".join(b'{"id": "%d", "scores": {"s%d": {"value": 1}}},' % (i, i) for i in range(20_000))
    yield "scores_without_end.eval", log_with("summaries.json", 93, zstandarded(b"[", keys, 300))
    yield "empty_lists.eval", log_with("summaries.json", 93, zstandarded(b'[{"id": [', b"[]," * 100_000, 400))
    yield "numbers_of_4000_digits.eval", log_with("header.json", 93, zstandarded(b'{"a": [', b"9" * 4000 + b",", 3_000))
    emoji = "\N{GRINNING FACE}".encode() + b"x" * 60_000
    yield "one_text_without_end.eval", log_with("summaries.json", 93, zstandarded(b'[{"id": "', emoji, 8_000))
    kernel, sample = zstandarded(b" ", b" " * MB, 15), b'{"id": 1, "epoch": 1}'
    facts = (15 * MB + 1 + len(sample), zlib.crc32(b" " * (15 * MB + 1) + sample))
    kernel += zstandard.compress(sample)
    first = Member("samples/0_epoch_1.json", 93, kernel, *facts)
    others = (replace(first, name=f"samples/{i}_epoch_1.json", at=1) for i in range(1, 20_000))
    yield "overlapping.eval", crafted([stored("_journal/start.json", start), first, *others])
    many = (Member(f"samples/{i}_epoch_1.json", 0, b"", 0, 0, 0) for i in range(60_000))
    yield "members_without_end.eval", crafted([stored("_journal/start.json", start), *many])
    good = dumped(header([score("refusal", metrics(accuracy=metric(0.5)), 4)]))
    content = [("header.json", good), ("summaries.json", dumped([summary("a", refusal="C")]))]
    yield "encrypted.eval", zip_bytes(content, 8, flags=0x801)
    yield "wrong_checksum.eval", zip_bytes(content, 8, crc=7)
    yield "unknown_method.eval", zip_bytes(content, 14)
    yield "twice.eval", zip_bytes([("header.json", b"{broken"), *content, ("header.json", b"[]")], 93)
    yield "leading_out.eval", zip_bytes([*content, ("samples/../../../../tmp/out_epoch_1.json", b"{")], 93)
    yield "start_in_nowhere.eval", zip_bytes(content, 8).replace(b"PK\x03\x04", b"PK\x03\x05")[:-4] + b"\xff" * 4


XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


PARTS = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + b"".join(
        b'<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
        b'Target="%s"/>' % part
        for part in (
            (1, b"worksheet", b"worksheets/sheet1.xml"),
            (2, b"sharedStrings", b"sharedStrings.xml"),
            (3, b"styles", b"styles.xml"),
        )
    )
    + b"</Relationships>",
    "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    b'<sheet name="Results" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    "xl/sharedStrings.xml": STRINGS
    % b"".join(b"<si><t>%s</t></si>" % w for w in (b"Task", b"Value", b"n", b"refusal")),
    "xl/worksheets/sheet1.xml": SHEET
    % (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
        b'<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2"><v>0.5</v></c><c r="C2"><v>40</v></c></row>'
    ),
}


def workbook(**parts: bytes) -> bytes:
    """A small workbook; parts may be replaced by their names without folder and ending, and left out when empty."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, usual in PARTS.items():
            content = parts.get(name.rsplit("/", 1)[-1].partition(".")[0], XML + usual)
            if content:
                book.writestr(name, content)
    return made.getvalue()


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Workbooks with entities, a cell at the far corner, endless strings, and parts that are missing or broken."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10 if i else b"lol") for i in range(12))
    entity = XML + b"<!DOCTYPE s [" + laughs + b"]>" + STRINGS % b"<si><t>&l11;</t></si>"
    outside = XML + b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + STRINGS % b"<si><t>&x;</t></si>"
    yield "billion_laughs.xlsx", workbook(sharedStrings=entity)
    yield "entity_from_outside.xlsx", workbook(sharedStrings=outside)
    yield "entity_in_utf16.xlsx", workbook(sharedStrings=outside[38:].decode().encode("utf-16"))
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "far_corner.xlsx", workbook(sheet1=XML + SHEET % far)
    yield "far_corner_unquoted.xlsx", workbook(sheet1=XML + SHEET % far.replace(b'r="XFD1048576"', b"r='XFD1048576'"))
    spans = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" spans="1:16384"><c><v>1</v></c></row>'
    yield "far_corner_by_row.xlsx", workbook(sheet1=XML + SHEET % spans)
    merged = SHEET.replace(b"</worksheet>", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>')
    yield "all_merged.xlsx", workbook(sheet1=XML + merged % b'<row r="1"><c r="A1"><v>1</v></c></row>')
    yield "strings_without_end.xlsx", workbook(sharedStrings=XML + STRINGS % (b"<si><t>abc</t></si>" * 1_000_000))
    cells = b'<row r="1">' + b"<c><v>1</v></c>" * 400_000 + b"</row>"
    yield "cells_without_end.xlsx", workbook(sheet1=XML + SHEET % cells)
    for part in ("sheet1", "styles", "sharedStrings", "workbook", "[Content_Types]", ""):
        yield f"without_{part.strip('[]') or 'rels'}.xlsx", workbook(**{part: b""})
    for part in ("sheet1", "styles", "sharedStrings", "workbook"):
        yield f"broken_{part}.xlsx", workbook(**{part: b"<worksheet><row><c r=" + b"<" * 99})
    yield "whole.xlsx", workbook()
    yield "deep.xlsx", workbook(sheet1=XML + SHEET % (b"<a>" * 1_000_000))


def texts() -> Iterator[tuple[str, bytes]]:
    """JSON, JSON lines, CSV, YAML and zstandard files that are deep, wide, endless, or in the wrong encoding."""
    results = b'{"results": {"t": {"acc,none": 0.5}}, "versions": {"t": 1}, "configs": '
    yield "deep.json", results + b"[" * 20 * MB
    yield "deep_objects.json", results + b'{"a":' * 3 * MB
    yield "wide.json", results + b"[" + b"[]," * 12 * MB
    yield "wide_texts.json", results + b"[" + b'"ab",' * 12 * MB
    yield "one_text.json", results + b'"' + b"x" * 68 * MB
    yield "one_emoji_text.json", results + b'"' + "\N{GRINNING FACE}".encode() + b"x" * 40 * MB + b'"}'
    yield "one_number.json", results + b"1" * 8 * MB + b"}"
    yield "spaces.json", results + b" " * 30 * MB + b"}"
    yield (
        "keys.json",
        b'{"results": {"t": {' + b",".join(b'"k%d,none": 1' % i for i in range(400_000)) + b'}}, "versions": {}}',
    )
    line = b'{"doc_id": 1, "doc": {}, "resps": [], "metrics": ["acc"], "acc": 1}\n'
    yield "lines_then_one.jsonl", line + b'{"doc_id": "' + b"x" * 66 * MB
    yield "lines_wide.jsonl", line + b'{"doc_id": [' + b"[]," * 20 * MB + b"[]]}\n" + line
    yield "lines_of_nothing.jsonl", line + b"\n" * 3 * MB
    yield "lines_of_braces.jsonl", line + b"{}\n" * MB
    yield "lines_of_words.jsonl", line + b"x\n" * MB
    yield "lines_of_metrics.jsonl", b"".join(line.replace(b"acc", b"m%d" % i) for i in range(50_000))
    yield "lines_of_filters.jsonl", b"".join(line.replace(b"{", b'{"filter": "%d", ' % i, 1) for i in range(50_000))
    yield "utf16_cut.jsonl", (line.decode() * 3).encode("utf-16")[:-31]
    yield "utf16_one_line.jsonl", (line.decode().strip() + " " * 20 * MB).encode("utf-16")
    yield "utf32.json", results.decode().encode("utf-32")
    cell = b"task,model,value\nrefusal,acme,0.5\n"
    yield "open_quote_small.csv", cell + b'a,"' + b"x,y\n" * 5 * MB
    yield "columns.csv", b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"1," * 100_000
    yield "one_cell.csv", cell + b"x" * 30 * MB + b",a,1\n"
    yield "rows.csv", cell + b"refusal,acme,0.5\n" * 2_000_000
    yield "nulls.csv", cell + b"\0" * 20 * MB
    yield "carriage_returns.csv", cell + b"\r" * 5 * MB
    laughs = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10) if i else 'lol'}]\n" for i in range(12))
    yield "laughs.yaml", f"evalId: eval-x\n{laughs}results: {{version: 3, results: *l11}}\n".encode()
    yield "deep.yaml", b"evalId: eval-x\nresults: {version: 3, results: " + b"[" * 2 * MB
    yield "merge.yaml", b"evalId: eval-x\nresults: &a {version: 3, results: []}\n" + b"<<: *a\n" * 200_000
    yield "documents.yaml", b"evalId: eval-x\nresults: {results: []}\n" + b"---\na: 1\n" * 200_000
    journal = (FILES / "modelbench" / "journal.jsonl").read_bytes()
    yield "spaces.jsonl.zst", zstandarded(journal, b" " * MB, 12_000)
    yield "blank_lines.jsonl.zst", zstandarded(journal, b"\n" * MB, 12_000)
    yield "objects.jsonl.zst", zstandarded(journal, b"{}\n" * 300_000, 12_000)
    yield "items.jsonl.zst", zstandarded(journal, b"\n".join([journal.splitlines()[-1]] * 5_000) + b"\n", 30)
    window = zstandard.ZstdCompressionParameters(window_log=31, strategy=1, enable_ldm=True)
    yield "window.jsonl.zst", zstandard.ZstdCompressor(compression_params=window).compress(journal)
    report = (FILES / "garak" / "new.report.jsonl").read_bytes()
    yield "attempts.report.jsonl", report + report.splitlines(keepends=True)[-1].replace(b"{", b"{ ", 1) * 20_000
    many = json.dumps({str(i): [{"test_case": "a", "generation": "b", "label": 1}] for i in range(50_000)})
    yield "behaviours.json", many.encode()


def largest() -> Iterator[tuple[str, bytes]]:
    """The same in sizes that take seconds each."""
    journal = (FILES / "modelbench" / "journal.jsonl").read_bytes()
    items = b"\n".join([journal.splitlines()[-1]] * 5_000) + b"\n"
    yield "items.jsonl.zst", zstandarded(journal, items, 12_000)
    samples = b'{"id": 1, "scores": {"a": {"value": 1}}},' * 20_000
    yield "summaries.eval", log_with("summaries.json", 93, zstandarded(b"[", samples, 3_000))
    numbered = b"".join(b'{"id": %d},' % i for i in range(2_000_000))
    yield "samples.eval", log_with("summaries.json", 93, zstandarded(b"[", numbered, 1))
    many = json.dumps({str(i): [{"test_case": "a", "generation": "b", "label": 1}] for i in range(400_000)})
    yield "behaviours.json", many.encode()
    line = b'{"doc_id": %d, "doc": {}, "resps": [], "metrics": ["acc"], "acc": 1}\n'
    yield "lines.jsonl", b"".join(line % i for i in range(2_000_000))
    yield "rows.json", b"[" + b'{"cate_idx": "1.1.1", "l2_name": "a", "score": "1.0"},' * 3_000_000
    yield "summaries_without_end.eval", log_with("summaries.json", 93, zstandarded(b"[", b"0," * MB, 3))
    yield "header_of_empty_objects.eval", log_with("header.json", 93, zstandarded(b'{"eval": [', b"{}," * 100_000, 100))
    yield "header_of_short_texts.eval", log_with("header.json", 93, zstandarded(b'{"eval": [', b'"ab",' * 100_000, 100))
    yield "wide_numbers.json", b'{"results": {"t": {}}, "versions": {}, "configs": ' + b"[" + b"1.5," * 8 * MB
    yield "open_quote.csv", b'task,model,value\n"' + b"x,y\n" * 50 * MB
    yield "open_quote_in_one_line.csv", b'task,model,value\n"' + b"x" * 200 * MB
    yield "one_long_string.xlsx", workbook(sharedStrings=XML + STRINGS % (b"<si><t>" + b"x" * 100 * MB + b"</t></si>"))
    yield "zstd_12_GB.eval", log_with("summaries.json", 93, zstandarded(b"[", b" " * MB, 12_000))
