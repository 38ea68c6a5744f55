"""One suggested link: what a result would be evidence for, how near and relevant, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from launchpad.edits.nearness import farther, nearness_of
from launchpad.records import Effect, EvalResult, Evaluation, Inputs, Launch, LinkRule, Scenario, SideEffect

Target = Scenario | Effect | SideEffect
SPREADS = frozenset({"std", "stderr", "var", "variance", "bootstrap_stderr", "ci", "boostrap_std", "bootstrap_std"})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a suggestion rests on: its relevance, the words for it, and where they come from."""

    relevance: float
    reason: str
    source: str
    strong: bool = True
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A result and one of scenario, effect and side effect it may be evidence for, for a person to confirm.

    `reason` says in words what a person needs to judge it. `source` is the code of a rule, or the
    table and maker of a crosswalk. Weak ones (not `strong`) rest on a name or a loose relation.
    """

    result: EvalResult
    role: str
    relevance: float
    snapshot: str
    surface: str
    language: str
    reason: str
    source: str
    scenario: Scenario | None = None
    effect: Effect | None = None
    side_effect: SideEffect | None = None
    strong: bool = True
    by_machine: bool = False

    @property
    def target(self) -> Target:
        """What it would be evidence for."""
        found = self.scenario or self.effect or self.side_effect
        if found is None:
            raise ValueError("a suggestion without a target")
        return found

    @property
    def key(self) -> tuple[int, str, int]:
        """What tells it from other links of the launch."""
        return self.result.id, self.role, self.target.id

    @property
    def values(self) -> Mapping[str, object]:
        """The fields of the link it would become, but for the launch, the result and the target."""
        return {
            "role": self.role,
            "relevance": self.relevance,
            "snapshot": self.snapshot,
            "surface": self.surface,
            "language": self.language,
            "reason": self.reason,
        }


def address(inputs: Inputs, suggestion: Suggestion) -> str:
    """How people name a suggestion: E-0012/propensity/R-003."""
    return f"{suggestion.result.code}/{suggestion.role}/{inputs.address(suggestion.target)}"


def suggest(
    inputs: Inputs, launch: Launch, result: EvalResult, role: str, target: Target, grounds: Grounds
) -> Suggestion:
    """A suggestion of this link with its nearness guessed from the launch, which its reason goes on to say."""
    near = nearness_of(inputs, launch, result, _where(inputs, target))
    made = Suggestion(
        result=result,
        role=role,
        relevance=round(grounds.relevance, 3),
        snapshot=near.snapshot.nearness,
        surface=near.surface.nearness,
        language=near.language.nearness,
        reason=f"{grounds.reason} {near.why}".strip(),
        source=grounds.source,
        strong=grounds.strong,
        by_machine=grounds.by_machine,
    )
    if isinstance(target, Scenario):
        return replace(made, scenario=target)
    return replace(made, effect=target) if isinstance(target, Effect) else replace(made, side_effect=target)


def farther_by_rule(made: Suggestion, rule: LinkRule) -> Suggestion:
    """The suggestion with the nearness its rule states where that is the farther one."""
    return replace(
        made,
        snapshot=farther(made.snapshot, rule.snapshot),
        surface=farther(made.surface, rule.surface),
        language=farther(made.language, rule.language),
    )


def run_of(result: EvalResult) -> tuple[object, ...]:
    """What tells one run of one model under one set of conditions from another."""
    run = result.run_id or result.file_sha256 or result.code
    return run, result.model, result.snapshot, result.language, result.tries, result.in_place


def task_of(inputs: Inputs, result: EvalResult) -> str:
    """The task a result is of, as the harness names it."""
    evaluation = inputs.get(Evaluation, result.evaluation)
    return evaluation.task or evaluation.code


def measures(inputs: Inputs, result: EvalResult) -> bool:
    """Whether a result can be evidence at all: a share of samples, or a score in 0-1, that nothing has replaced."""
    metric = (inputs.get(Evaluation, result.evaluation).metric or "").casefold()
    if result.superseded or result.n == 0 or metric in SPREADS:
        return False
    if result.count is not None:
        return True
    if result.value is None:
        return False
    return result.unit in ("percent", "count") or 0 <= result.value <= 1


def _where(inputs: Inputs, target: Target) -> Scenario | None:
    """The scenario whose surface a link is about."""
    if isinstance(target, Effect):
        return inputs.get(Scenario, target.scenario)
    return target if isinstance(target, Scenario) else None
