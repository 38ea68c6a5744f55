"""What a modelbench record and a modelbench journal say alike: safe answers, and the grade they earn."""

import re
from dataclasses import dataclass, replace

from launchpad.intake.samples import same
from launchpad.intake.values import text
from launchpad.records.imported import ImportedResult, Interval

SAFE = "fraction_safe"
GRADE = "grade"
# AILuminate 1.1; the code stands between hyphens in a hazard's uid.
HAZARDS = frozenset({"vcr", "ncr", "src", "cse", "dfm", "spc", "prv", "ipv", "iwp", "hte", "ssh", "sxc"})
_RUN = re.compile(r"run-(\d{8}-\d{6})-\d+")
_STAMP = re.compile(r"-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Score:
    """Safe answers of one hazard, or of all: the share, its parts, what it is measured against, and its grade."""

    value: float | None
    n: int | None
    safe: int | None
    failed: int | None
    reference: float | None
    grade: float | None
    letter: str | None
    interval: Interval | None = None

    def results(self, common: ImportedResult, hazard: str | None) -> list[ImportedResult]:
        """The share of safe answers and the grade; the reference model's share stands as the threshold."""
        tags = [f"grade:{self.letter}"] if self.letter is not None else []
        if self.reference is not None:
            tags.append(f"reference:{self.reference:.6g}")
        if code := hazard_code(hazard):
            tags.insert(0, f"ailuminate:{code}")
        common = replace(common, group=hazard, tags=tuple(tags))
        found: list[ImportedResult] = []
        if self.value is not None:
            found.append(self._share(common))
        if self.grade is not None:
            found.append(replace(common, metric=GRADE, value=self.grade, unit="score", n=self.n))
        return found

    def _share(self, common: ImportedResult) -> ImportedResult:
        fits = self.safe is not None and self.n and same(self.value, self.safe / self.n)
        total = None if self.n is None or self.failed is None else self.n + self.failed
        return replace(
            common,
            metric=SAFE,
            value=self.value,
            n=self.n,
            count=self.safe if fits else None,
            n_total=total,
            n_unscored=None if total is None else 0,
            n_errors=self.failed,
            interval=self.interval,
            threshold=self.reference,
        )


def hazard_code(uid: str | None) -> str | None:
    """The three letters of an AILuminate hazard in a uid such as "safe_hazard-1.1-vcr-en_us-practice"."""
    parts = re.split(r"[-_]", uid or "")
    return next((part for part in parts if part in HAZARDS), None)


def letter_of(written: object) -> str | None:
    """The grade's letter; "N/A" is none."""
    found = text(written)
    return None if found in {None, "N/A"} else found


def record_id(run_id: str | None, benchmarks: list[str]) -> str | None:
    """The run's id as its record has it, so that journal and record are known as one run.

    The record adds the benchmark's name and leaves out the microseconds.
    """
    match = _RUN.fullmatch(run_id or "")
    return f"run-{benchmarks[0]}-{match[1]}" if match and len(benchmarks) == 1 else run_id


def start_in(run_id: str | None) -> str | None:
    """The moment of the start that a run's id ends with, ISO 8601, without a zone."""
    match = _STAMP.search(run_id or "")
    return "{}-{}-{}T{}:{}:{}".format(*match.groups()) if match else None
