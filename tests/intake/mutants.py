"""Good files made bad: what happens to files between a harness and the person who imports them, and worse."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import zstandard

from tests.intake.conftest import DEFLATED, ZSTANDARD, dumped, header, metric, metrics, score, summary, zip_bytes
from tests.intake.hostile import workbook

FILES = Path(__file__).parent / "files"
ENDINGS = (".eval", ".json", ".jsonl", ".zst", ".yaml", ".csv", ".tsv", ".xlsx", ".db", ".report.jsonl", "")
Mutation = Callable[[bytes, random.Random], bytes]
_KEY = re.compile(rb'"\w{1,30}"\s*:\s*')
_NUMBER = re.compile(rb"(?<=[:\[, ])-?\d+(?:\.\d+)?(?=[,\]}\s])")
_TEXT = re.compile(rb'"[^"\\\n]{0,80}"')


def fixtures(folder: Path) -> Iterator[Path]:
    """A good file of each harness and format, written or copied below the folder with what belongs beside it."""
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
    for name, data in _made():
        path = folder / name
        path.write_bytes(data)
        yield path
    memory = folder / "memory.db"
    with closing(sqlite3.connect(memory)) as database:
        database.execute("CREATE TABLE AttackResultEntries (id, objective, outcome, labels, targeted_harm_categories)")
        rows = [
            (f"a{i}", "placeholder", ("success", "failure", "undetermined")[i % 3], "{}", '["cyber"]') for i in range(9)
        ]
        database.executemany("INSERT INTO AttackResultEntries VALUES (?, ?, ?, ?, ?)", rows)
        database.commit()
    yield memory


def _made() -> Iterator[tuple[str, bytes]]:
    found = metrics(accuracy=metric(0.75), stderr=metric(0.25), bio=metric(0.5, "bio", "grouped", group_key="category"))
    head = header([score("refusal", found, 4)], scorers=[{"name": "refusal", "metrics": []}])
    samples = [
        summary(f"s{i}", metadata={"category": "bio" if i % 2 else "cyber"}, refusal="CCCI"[i]) for i in range(4)
    ]
    full = [
        (f"samples/s{i}_epoch_1.json", dumped({**one, "messages": [], "output": {}})) for i, one in enumerate(samples)
    ]
    start = ("_journal/start.json", dumped({"version": 2, "eval": head["eval"]}))
    whole = [start, *full, ("summaries.json", dumped(samples)), ("header.json", dumped(head))]
    yield "log_zstd.eval", zip_bytes(whole, ZSTANDARD)
    yield "log_deflate.eval", zip_bytes(whole, DEFLATED)
    yield "log_crashed.eval", zip_bytes([start, *full, ("_journal/summaries/1.json", dumped(samples[:2]))], ZSTANDARD)
    yield "log.json", dumped({**head, "samples": samples, "reductions": []})
    journal = (FILES / "modelbench" / "journal.jsonl").read_bytes()
    yield "journal.jsonl.zst", zstandard.compress(journal)
    lines = next((FILES / "lm_eval" / "alone").iterdir()).read_text()
    yield "samples_lonely_2025-05-06T07-08-09.123456.jsonl", lines.encode("utf-16")
    table = "Task;Model;Metric;Value;n\nrefusal — naïve;acme;accuracy;87,5 %;400\nrefusal;acme;asr;0,25;1.000\n"
    yield "table.csv", table.encode("cp1252")
    yield "table.tsv", table.replace(";", "\t").encode("utf-16")
    yield (
        "samples.csv",
        b"id,category,outcome\n" + b"".join(b"i%d,bio,%s\n" % (i, (b"refused", b"complied")[i % 2]) for i in range(9)),
    )
    yield "table.xlsx", workbook()


def cut(data: bytes, chance: random.Random) -> bytes:
    """Broken off somewhere."""
    return data[: chance.randrange(len(data))]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """A few bits turned over."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def holed(data: bytes, chance: random.Random) -> bytes:
    """With a hole of zeros, as a disk that failed leaves."""
    at, size = chance.randrange(len(data)), chance.choice((1, 2, 64, 4096))
    return data[:at] + b"\0" * size + data[at + chance.choice((0, size)) :]


def repeated(data: bytes, chance: random.Random) -> bytes:
    """A part of it twice."""
    first, last = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:last] + data[first:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two lines or halves changed over."""
    parts = data.splitlines(keepends=True)
    if len(parts) < 3:
        parts = [data[: len(data) // 2], data[len(data) // 2 :]]
    first, second = chance.sample(range(len(parts)), 2)
    parts[first], parts[second] = parts[second], parts[first]
    return b"".join(parts)


def key_twice(data: bytes, chance: random.Random) -> bytes:
    """A key that stands twice."""
    return _put(_KEY, data, chance, lambda key: key + chance.choice((b"null", b"[]", b"0.5", b'"x"')) + b", " + key)


def no_number(data: bytes, chance: random.Random) -> bytes:
    """A number that is none."""
    return _put(_NUMBER, data, chance, lambda _: chance.choice((b"NaN", b"Infinity", b"-Infinity", b"null", b'"N/A"')))


def overflown(data: bytes, chance: random.Random) -> bytes:
    """A number that no column holds."""
    choices = (str(10**400), "1e400", "-1e400", str(2**63), str(-(2**63) - 1), str(2**64), "9" * 5000, "1e-400")
    return _put(_NUMBER, data, chance, lambda _: chance.choice(choices).encode())


def deepened(data: bytes, chance: random.Random) -> bytes:
    """A value that is nested without end."""
    depth = chance.choice((50, 900, 100_000))
    nested = chance.choice((b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth))
    return _put(chance.choice((_NUMBER, _TEXT)), data, chance, lambda _: nested)


def swollen(data: bytes, chance: random.Random) -> bytes:
    """A text of hundreds of thousands of characters."""
    letter = chance.choice((b"x", "\N{GRINNING FACE}".encode(), b"\\u0000", b"/../"))
    return _put(_TEXT, data, chance, lambda _: b'"' + letter * 100_000 + b'"')


def half_character(data: bytes, chance: random.Random) -> bytes:
    """Half a character, or one that no screen shows."""
    odd = (b"\\ud800", b"\\udfff\\ud800", b"\\u0000", b"\\u202e", b"\\u001b[31m", b"\x00", b"\xed\xa0\x80")
    return _put(_TEXT, data, chance, lambda text: text[:-1] + chance.choice(odd) + b'"')


def mixed(data: bytes, chance: random.Random) -> bytes:
    """A second encoding, in a part or after a mark that lies."""
    at = chance.randrange(len(data))
    odd = (
        data[:at] + "é—".encode("cp1252") + data[at:],
        data[:at] + data[at:].decode("latin-1").encode("utf-16"),
        b"\xff\xfe" + data,
        b"\xef\xbb\xbf" + data,
        data.decode("latin-1").encode("utf-16"),
        data.decode("latin-1").encode("utf-32"),
    )
    return chance.choice(odd)


def emptied(data: bytes, chance: random.Random) -> bytes:
    """Nothing, or next to nothing."""
    return chance.choice((b"", b" ", b"\n" * 1000, b"\0" * len(data), data[:1], data[:4], b"null", b"{}", b"[]"))


MUTATIONS: tuple[Mutation, ...] = (
    *(cut, flipped, holed, repeated, swapped, key_twice, no_number, overflown),
    *(deepened, swollen, half_character, mixed, emptied),
)


def mutated(path: Path, mutate: Mutation, chance: random.Random) -> bytes:
    """The file made bad: half of all packed files inside, so that what unpacks them finds nothing wrong."""
    data = path.read_bytes()
    if chance.random() < 0.5:
        if path.suffix == ".zst":
            return zstandard.compress(mutate(zstandard.decompress(data), chance))
        if path.suffix in (".eval", ".xlsx"):
            return _inside(path, mutate, chance)
    return mutate(data, chance)


def _inside(path: Path, mutate: Mutation, chance: random.Random) -> bytes:
    """The archive with the content of one member made bad, or that of two changed over."""
    members = members_of(path)
    method = DEFLATED if "deflate" in path.name or path.suffix == ".xlsx" else ZSTANDARD
    if mutate is swapped:
        first, second = chance.sample(range(len(members)), 2)
        (one, a), (other, b) = members[first], members[second]
        members[first], members[second] = (one, b), (other, a)
    else:
        place = chance.randrange(len(members))
        name, content = members[place]
        members[place] = (name, mutate(content or b" ", chance))
    return zip_bytes(members, method)


def members_of(path: Path) -> list[tuple[str, bytes]]:
    """The members of an archive with their contents."""
    from launchpad.intake import archive

    found = archive.members_of(path)
    with archive.opened(path, found) as opened:
        return [(name, b"".join(archive.read(opened, name))) for name in found]


def _put(pattern: re.Pattern[bytes], data: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    """One thing of a kind replaced; in a file without any, something inserted anywhere."""
    places = [match.span() for match in pattern.finditer(data[:200_000])]
    first, last = chance.choice(places) if places else (chance.randrange(len(data)),) * 2
    return data[:first] + change(data[first:last] or b'"x"') + data[last:]
