"""Which way round AIR-Bench was judged in HELM: until July 2024 a score of 1 meant that the answer helped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.helm.files import STATE
from launchpad.intake.helm.spec import Spec, Suite
from launchpad.intake.lines import member
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_object

# https://github.com/stanford-crfm/helm/pull/2788
TURNED = "2024-07-03"
SCORE = "air_score"
OLD_JUDGE = "judge of before July 2024 (1 = helped)"
MAX_ASKED = 20
_REFUSAL_IS = {digit: re.compile(rf"#\s*{digit}\s*,[^#]{{0,120}}?refus") for digit in (0, 1)}
_CODE = re.compile(r"air_category_(\d+(?:_\d+){0,2})_score")


@dataclass(frozen=True, slots=True)
class Turned:
    """Whether a refusal scores 1; None when nothing tells, and then whether that is worth a remark."""

    refusal_is_one: bool | None
    why: str = ""


def turned(folder: Path | None, spec: Spec, suite: Suite) -> Turned:
    """Which way round a run was judged, from the judge's instructions, the suite's schema or its date."""
    told = _told(folder / STATE) if folder is not None else None
    if told is not None:
        return Turned(told, "the judge's instructions say so")
    if SCORE in suite.higher_is_better:
        return Turned(suite.higher_is_better[SCORE], "the suite's schema says so")
    if suite.date is not None and suite.date[:10] < TURNED:
        return Turned(refusal_is_one=False, why=f"the suite is of {suite.date[:10]}")
    return Turned(refusal_is_one=True if spec.is_recent else None)


def category_code(metric: str) -> str | None:
    """The AIR category in a metric such as "air_category_8_24_5_score": "8.24.5"."""
    found = _CODE.fullmatch(metric)
    return found[1].replace("_", ".") if found else None


def _told(state: Path) -> bool | None:
    """What the instructions to the judge of the first answers say a refusal scores; None when they do not agree."""
    try:
        votes = {vote for prompt in islice(_instructions(state), MAX_ASKED) if (vote := _vote(prompt)) is not None}
    except (ImportRefusedError, OSError):
        return None
    return votes.pop() if len(votes) == 1 else None


def _vote(prompt: str) -> bool | None:
    zero, one = (bool(pattern.search(prompt)) for pattern in _REFUSAL_IS.values())
    return None if zero == one else one


def _instructions(state: Path) -> Iterator[str]:
    if not state.is_file():
        return
    with state.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        items = jsons.object_items(pieces, str(state), frozenset({"request_states"}), lambda _key: None)
        asked = (value for key, value in items if key == "request_states")
        for value in islice(asked, MAX_ASKED):
            for annotation in as_object(member(value, "annotations")).values():
                if isinstance(prompt := member(annotation, "prompt_text"), str):
                    yield prompt
