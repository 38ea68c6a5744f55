"""How labels stand to the settled ones clause by clause: the same, wrong, or defensible under another clause."""

from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.records import Example, Inputs, Label, PolicyVersion
from launchpad.results.verdicts import defended_under, settled

NO_CLAUSE = ""


@dataclass(frozen=True, slots=True)
class ClauseErrors:
    """Of one clause (empty: items that rest on none) how many labels are the same as the settled one, and which not.

    `wrong` and `defensible` name items as `EXAMPLE/RATER`; a label that can be defended is never among the wrong.
    """

    clause: str
    same: int
    wrong: tuple[str, ...]
    defensible: tuple[str, ...]

    @property
    def labels(self) -> int:
        """All labels of items of this clause."""
        return self.same + len(self.wrong) + len(self.defensible)


def clause_errors(
    inputs: Inputs, version: PolicyVersion, examples: Iterable[Example], raters: Iterable[str] = ()
) -> tuple[ClauseErrors, ...]:
    """The labels given under a version against the settled ones, by the clause these rest on, else the example's.

    Of these raters, else of all. Items without a settled answer are left out.
    """
    wanted = frozenset(raters)
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for row in examples:
        truth = settled(inputs, row, version)
        if truth is None:
            continue
        same, wrong, defensible = found.setdefault(truth.clause or row.clause or NO_CLAUSE, ([], [], []))
        for label in inputs.children(Label, "example", row.id):
            if label.gold or label.violation is None or label.policy_version not in (None, version.id):
                continue
            if not wanted or label.rater in wanted:
                into = same if label.violation == truth.violation else wrong
                if into is wrong and defended_under(label, truth) is not None:
                    into = defensible
                into.append(f"{row.code}/{label.rater}")
    return tuple(
        ClauseErrors(clause, len(same), tuple(sorted(wrong)), tuple(sorted(defensible)))
        for clause, (same, wrong, defensible) in sorted(found.items())
    )
