"""What a look at a policy finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: which check found it, in which record (`table address`) and field, and a sentence for people."""

    check: str
    record: str
    field: str
    sentence: str
