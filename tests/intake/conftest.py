"""Evidence files as harnesses write them, made by hand so that no harness is needed."""

import csv
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
Members = Sequence[tuple[str, bytes]]


def packed(data: bytes, method: int) -> bytes:
    if method == DEFLATED:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflater.compress(data) + deflater.flush()
    if method == ZSTANDARD:
        # Two frames, as Inspect splits what is large.
        half = len(data) // 2
        return b"".join(zstandard.ZstdCompressor().compress(part) for part in (data[:half], data[half:]))
    return data


def zip_bytes(members: Members, method: int = ZSTANDARD, *, flags: int = 0x800, crc: int | None = None) -> bytes:
    """A zip archive, written out because Python's zipfile knows no zstandard before 3.14."""
    body, directory = b"", b""
    for name, data in members:
        raw, title = packed(data, method), name.encode()
        checksum = zlib.crc32(data) if crc is None else crc
        facts = struct.pack("<HHHHHLLL", 20, flags, method, 0, 0x21, checksum, len(raw), len(data))
        tail = struct.pack("<HH", len(title), 0)
        entry = struct.pack("<HHHLL", 0, 0, 0, 0, len(body))
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + facts + tail + entry + title
        body += b"PK\x03\x04" + facts + tail + title + raw
    sizes = struct.pack("<HHLLH", len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + struct.pack("<HH", 0, 0) + sizes


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Writes a zip archive of these members and gives its path."""

    def make(members: Members, method: int = ZSTANDARD, name: str = "log.eval", **lies: int) -> Path:
        path = tmp_path / name
        path.write_bytes(zip_bytes(members, method, **lies))
        return path

    return make


def summary(name: object, epoch: int = 1, metadata: object = None, error: str | None = None, **scores: object):
    """One entry of summaries.json; a score is its bare value."""
    entry = {
        "id": name,
        "epoch": epoch,
        "input": "[placeholder]",
        "metadata": metadata or {},
        "scores": {scorer: {"value": value, "history": []} for scorer, value in scores.items()},
        "completed": True,
    }
    return entry if error is None else {**entry, "error": error, "scores": {}}


def metric(value: object, name: str = "", group: str | None = None, **params: object):
    entry = {"name": name, "value": value, "params": params}
    return entry if group is None else {**entry, "group": group}


def metrics(**entries: dict):
    """The metrics of a score, each named by its key unless it says otherwise."""
    return {key: {**entry, "name": entry["name"] or key} for key, entry in entries.items()}


def score(name: str, found: dict, n: int | None = None, **more: object):
    return {
        "name": name,
        "scorer": name,
        "scored_samples": n,
        "unscored_samples": 0,
        "metrics": found,
        **more,
    }


def header(scores: list | None, *, status: str = "success", n: int = 4, **more: Any):
    """A header.json; keyword arguments replace or add keys, those of `eval` under their own names."""
    spec: dict[str, Any] = {
        "run_id": "run-1",
        "created": "2026-11-24T05:30:15+00:00",
        "task": "harmful_refusal",
        "task_version": "1.2.0",
        "dataset": {"name": "placeholder", "samples": n},
        "model": "mockllm/acme-7b",
        "config": {"epochs": 1},
        "packages": {"inspect_ai": "0.3.285"},
    }
    for key in ("scorers", "config", "dataset", "model", "task"):
        if key in more:
            spec[key] = more.pop(key)
    results = None
    if scores is not None:
        epochs = spec["config"].get("epochs", 1)
        results = {"total_samples": n * epochs, "completed_samples": n * epochs, "scores": scores}
    stats = {"started_at": "2026-11-24T05:30:15+00:00", "completed_at": "2026-11-24T05:31:00+00:00"}
    return {"version": 2, "status": status, "eval": spec, "results": results, "stats": stats, **more}


def dumped(value: object) -> bytes:
    """The value as a harness writes it; only half surrogates are escaped, for they have no UTF-8."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


@pytest.fixture
def make_log(make_zip: Callable[..., Path]) -> Callable[..., Path]:
    """Writes an .eval archive with this header and these summaries, in the order Inspect writes members."""

    def make(head: dict, summaries: list | None = None, method: int = ZSTANDARD, extra: Members = ()) -> Path:
        members = [("_journal/start.json", dumped({"version": 2, "eval": head["eval"]})), *extra]
        if summaries is not None:
            members.append(("summaries.json", dumped(summaries)))
        return make_zip([*members, ("header.json", dumped(head))], method)

    return make


class Shapes:
    """The builders above, for tests to use by one name."""

    summary = staticmethod(summary)
    metric = staticmethod(metric)
    metrics = staticmethod(metrics)
    score = staticmethod(score)
    header = staticmethod(header)
    dumped = staticmethod(dumped)
    zip_bytes = staticmethod(zip_bytes)


@pytest.fixture
def shapes() -> type[Shapes]:
    return Shapes


@pytest.fixture(scope="session")
def files() -> Path:
    """Small files of each harness, made by hand in the shapes its real ones have."""
    return Path(__file__).parent / "files"


@pytest.fixture(scope="session")
def manifest(shared: Path) -> dict[str, str]:
    """What must come out of each real file beside the checkout."""
    with (shared / "evidence" / "samples" / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["expected"] for row in csv.DictReader(file, delimiter="\t")}
