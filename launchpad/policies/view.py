"""A policy version with its clauses, examples and labels side by side, for checks inside the project."""

from dataclasses import dataclass

from launchpad.edits.clauses import in_decision_order
from launchpad.records import Clause, ClauseResponse, Example, Feedback, Inputs, Label, Policy, PolicyVersion, Record


@dataclass(frozen=True, slots=True)
class View:
    """The rows a version rests on. Nothing here may leave the project: words of every handling are in it."""

    inputs: Inputs
    policy: Policy
    version: PolicyVersion
    versions: frozenset[str]
    clauses: tuple[Clause, ...]
    examples: tuple[Example, ...]
    feedback: tuple[Feedback, ...]

    @property
    def version_name(self) -> str:
        """The version as findings name it."""
        return self.name(self.version)

    def name(self, row: Record) -> str:
        """A row as findings name it: its table and address."""
        return f"{row.table} {self.inputs.address(row)}"

    def area(self, clause: Clause) -> int | None:
        """The row id of a clause's risk area, else of its policy's."""
        return self.policy.area if clause.area is None else clause.area

    def responses(self, clause: Clause) -> tuple[ClauseResponse, ...]:
        """The responses of a clause."""
        return self.inputs.children(ClauseResponse, "clause", clause.id)

    def illustrating(self, code: str) -> list[Example]:
        """The examples of a clause that belong to no gold set."""
        return [row for row in self.examples if row.clause == code and row.gold_set is None]

    def labels(self, example: Example) -> list[Label]:
        """The labels of an example that were given under this version, or under none in particular."""
        rows = self.inputs.children(Label, "example", example.id)
        return [row for row in rows if row.policy_version in (None, self.version.id)]


def view(inputs: Inputs, version: PolicyVersion) -> View:
    """A version seen from inside: its clauses in decision order, all examples of its policy."""
    policy = inputs.get(Policy, version.policy)
    return View(
        inputs,
        policy,
        version,
        frozenset(row.version for row in inputs.children(PolicyVersion, "policy", policy.id)),
        in_decision_order(inputs, version),
        inputs.children(Example, "policy", policy.id),
        inputs.children(Feedback, "policy", policy.id),
    )
