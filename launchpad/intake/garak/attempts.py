"""The attempts of a garak report: which outputs each detector fired on, prompt by prompt.

Text of prompts and outputs is kept only where it is asked for.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from launchpad.intake.garak.names import plain
from launchpad.intake.lines import member
from launchpad.intake.samples import Column, SampleRows
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_list, as_object, label, number, text
from launchpad.records.imported import Outcomes

EVALUATED = 2
MAX_OUTPUTS = 10_000
MAX_DETECTORS = 500
KEY_LENGTH = 16
_ATTEMPT = b'{"entry_type": "attempt"'


@dataclass(slots=True)
class ProbeAttempts:
    """The outputs of one probe: how many, to how many prompts; if kept, a row for each, a column for each detector."""

    keep: bool
    prompts: int = 0
    outputs: int = 0
    rows: SampleRows = field(default_factory=SampleRows)
    hits: dict[str, Column] = field(default_factory=dict[str, Column])

    def add(self, attempt: Mapping[str, object], threshold: float, texts: TextRows, probe: str) -> None:
        """Take in one attempt of a probe: the outputs to one prompt."""
        found = {name: as_list(scores)[:MAX_OUTPUTS] for name, scores in _detectors(attempt)}
        outputs = max(map(len, found.values()), default=0)
        self.prompts += 1
        self.outputs += outputs
        if self.keep:
            self._keep(attempt, found, outputs, threshold)
        if texts.keep:
            said = as_list(attempt.get("outputs"))[:outputs]
            for output in (*said, *[None] * (outputs - len(said))):
                texts.add(_prompt_key(attempt), attempt.get("prompt"), output, probe)

    def _keep(
        self, attempt: Mapping[str, object], found: Mapping[str, list[object]], outputs: int, threshold: float
    ) -> None:
        prompt, intent = _prompt_key(attempt), text(attempt.get("intent"))
        first = len(self.rows)
        for _ in range(outputs):
            self.rows.add(prompt, cluster=prompt, category=intent)
        for name, scores in found.items():
            if name not in self.hits and len(self.hits) < MAX_DETECTORS:
                self.hits[name] = Column(keep=True)
            column = self.hits.get(name)
            for place, score in enumerate(map(number, scores), start=first):
                if column is not None:
                    column.add(None if score is None else float(score >= threshold), place)

    def outcomes(self, detector: str, evaluated: int, hits: int) -> Outcomes | None:
        """The hits of one detector; None unless they are as many as the report counts."""
        column = self.hits.get(detector)
        if column is None or not column.n or (column.n, column.ones) != (evaluated, hits):
            return None
        return self.rows.outcomes(column)


def is_announced(line: bytes) -> bool:
    """Whether this line is an attempt written before the detectors ran, which says nothing that counts."""
    return line.startswith(_ATTEMPT) and b'"status": 1,' in line[:300] and line.endswith(b"}\n")


def is_evaluated(attempt: Mapping[str, object]) -> bool:
    """Whether the detectors have seen this attempt; each is written once before and once after that."""
    status = attempt.get("status")
    return status == EVALUATED or (status is None and bool(attempt.get("detector_results")))


def _detectors(attempt: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for written, scores in as_object(attempt.get("detector_results")).items():
        if name := plain(written):
            yield name, scores


def _prompt_key(attempt: Mapping[str, object]) -> str:
    """The same for the same prompt in every run: a digest of its text, else the attempt's own id."""
    prompt = attempt.get("prompt")
    words = label(prompt) or label(member(prompt, "text"))
    if words is None:
        turns = (as_object(turn).get("content") for turn in as_list(member(prompt, "turns")))
        found = [label(member(turn, "text")) or label(turn) or "" for turn in turns]
        words = "\n".join(found) if found else None
    if words is None:
        return label(attempt.get("uuid")) or "unnamed"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]
