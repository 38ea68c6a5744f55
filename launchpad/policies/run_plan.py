"""What a run of a policy is asked to do, what of it would leave, and how it begins or goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from launchpad.changes import Change
from launchpad.edits.policy_runs import begin_run, parameters_of, run_on
from launchpad.endpoints.asking import Manner, manner_of
from launchpad.endpoints.calling import connected
from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.endpoints.keys import Key
from launchpad.errors import InvalidValueError
from launchpad.policies.compile_prompts import Prompt, compile_prompt
from launchpad.policies.exchange.pieces import Piece, Wish, Withheld, pieces
from launchpad.policies.rulebook import rulebook
from launchpad.policies.run_items import asking_of
from launchpad.policies.run_parameters import endpoint_of, kept, manner_kept
from launchpad.records import Example, GoldSet, Inputs, LabelMap, PolicyRun, PolicyVersion, RunAnswer

VOTING: Final = 0.7

Tell = Callable[[float, str], None]
Work = tuple[Example, Piece, int, RunAnswer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWish:
    """What is to be asked of whom: a version's rendering, the items of a gold set (or one split of it), how often.

    With `sensitive` items of sensitive areas leave too; those of restricted ones never do. `label_map` reads the
    categories of a moderation endpoint; without one any category counts as a violation.
    """

    version: PolicyVersion
    gold_set: GoldSet
    endpoint: Endpoint
    rendering: str = "chat"
    votes: int = 1
    split: str | None = None
    sensitive: bool = False
    label_map: LabelMap | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """What would leave: to which host, which items, how many calls; and what stays, by the reason why."""

    host: str
    model: str
    version: str
    rendering: str
    items: tuple[str, ...]
    calls: int
    answered: int
    stays_here: bool
    withheld: Withheld

    def sentences(self) -> Iterator[str]:
        """What a person is told before the first item leaves."""
        place = "this machine" if self.stays_here else "another machine"
        yield (
            f"{len(self.items):,} items would go to {self.host} ({place}), model {self.model}, under {self.version} as "
            f"{self.rendering}: {self.calls:,} calls."
        )
        if self.answered:
            yield f"{self.answered:,} answers are there already and are not asked for again."
        for codes, why in (
            (self.withheld.restricted, "lie in a restricted risk area and never leave"),
            (self.withheld.sensitive, "lie in a sensitive risk area (--include-sensitive)"),
            (self.withheld.without_text, "have no text in the project"),
        ):
            if codes:
                yield f"{len(codes):,} items stay, as they {why}."


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run that is about to be carried out: its row, the change that adds it or has it go on, and how it asks."""

    run: PolicyRun
    change: Change | None
    wish: RunWish
    manner: Manner | None
    again: bool = False


def departure(inputs: Inputs, wish: RunWish, plan: RunPlan | None = None) -> Departure:
    """What would leave for a run; of a plan to go on, what is still to be asked.

    Raises InvalidValueError when no item may leave, or the rendering cannot be made of the version.
    """
    _refuse_unfit(inputs, wish)
    found, withheld = pieces_of(inputs, wish)
    asked = {} if plan is None else _answered(inputs, plan)
    votes = range(1, wish.votes + 1)
    rows = {row.code: row.id for row in inputs.children(Example, "gold_set", wish.gold_set.id)}
    left = [one for one in found if any((rows[one.id], vote) not in asked for vote in votes)]
    calls = sum((rows[one.id], vote) not in asked for one in found for vote in votes)
    return Departure(
        host=wish.endpoint.host,
        model=wish.endpoint.model,
        version=inputs.address(wish.version),
        rendering=wish.rendering,
        items=tuple(one.id for one in left),
        calls=calls,
        answered=len(found) * wish.votes - calls,
        stays_here=wish.endpoint.stays_here,
        withheld=withheld,
    )


def begin(inputs: Inputs, wish: RunWish, key: Key, tell: Tell) -> RunPlan:
    """A run to be carried out, once the endpoint has shown how it is to be asked; no item leaves by this.

    Raises as `departure`; EndpointError when the endpoint does not answer.
    """
    _refuse_unfit(inputs, wish)
    if wish.votes > 1 and wish.endpoint.temperature == 0:
        wish = replace(wish, endpoint=replace(wish.endpoint, temperature=VOTING))
    prompt = prompt_of(inputs, wish)
    manner = None
    if prompt is not None:
        with connected(wish.endpoint, key, partial(heard_by, tell, 0.0, "finding out how to ask")) as connection:
            raw = prompt.rendering == "llama_guard"
            manner = manner_of(connection, raw=raw, schema=prompt.schema is not None)
    asking = asking_of(inputs, wish.label_map, prompt, manner)
    run, change = begin_run(
        inputs,
        kept(
            wish.endpoint,
            manner,
            split=wish.split,
            sensitive=wish.sensitive,
            label_map=None if wish.label_map is None else inputs.address(wish.label_map),
        ),
        policy_version=wish.version.id,
        gold_set=wish.gold_set.id,
        rendering=wish.rendering,
        host=wish.endpoint.host,
        model=wish.endpoint.model,
        prompt_sha256=asking.sha256,
        way="scores" if manner is None else manner.way,
        votes=wish.votes,
        note=wish.note,
    )
    return RunPlan(run, change, wish, manner)


def resume(
    inputs: Inputs, run: PolicyRun, *, again: bool = False, timeout: float | None = None, rate: float | None = None
) -> RunPlan:
    """A run to go on with as it was begun; with `again` the items that ended in an error are asked again.

    Raises InvalidValueError when the policy no longer compiles into the prompt that the run began with.
    """
    told = parameters_of(run)
    after, change = run_on(run)
    endpoint = endpoint_of(run, told)
    endpoint = usable(replace(endpoint, timeout=timeout or endpoint.timeout, rate=rate or endpoint.rate))
    named = told.get("label_map")
    wish = RunWish(
        version=inputs.get(PolicyVersion, run.policy_version),
        gold_set=inputs.get(GoldSet, run.gold_set),
        endpoint=endpoint,
        rendering=run.rendering,
        votes=run.votes,
        split=told.get("split"),
        sensitive=bool(told.get("sensitive")),
        label_map=None if named is None else inputs.find(LabelMap, named),
        note=run.note,
    )
    manner = None if run.rendering == "moderation" else manner_kept(run, told)
    if asking_of(inputs, wish.label_map, prompt_of(inputs, wish), manner).sha256 != run.prompt_sha256:
        raise InvalidValueError(
            f"{inputs.address(wish.version)} was changed since run {run.code} began, so its answers would be to "
            "another prompt.",
            "Begin another run.",
        )
    return RunPlan(after, change, wish, manner, again)


def heard_by(tell: Tell, share: float, what: str, words: str) -> None:
    """Pass on what is being waited for, with how far the run is."""
    tell(share, f"{what}: {words}" if words else what)


def work_of(inputs: Inputs, plan: RunPlan) -> tuple[list[Work], int]:
    """The calls still to be made, item by item and vote by vote, and how many the whole run has."""
    found, _ = pieces_of(inputs, plan.wish)
    rows = {row.code: row for row in inputs.children(Example, "gold_set", plan.wish.gold_set.id)}
    done = _answered(inputs, plan)
    held = {(row.example, row.vote): row for row in inputs.children(RunAnswer, "run", plan.run.id)}
    votes = range(1, plan.wish.votes + 1)
    work = [
        (rows[one.id], one, vote, held.get((rows[one.id].id, vote)))
        for one in found
        for vote in votes
        if (rows[one.id].id, vote) not in done
    ]
    return work, len(found) * plan.wish.votes


def _answered(inputs: Inputs, plan: RunPlan) -> dict[tuple[int, int], RunAnswer]:
    rows = inputs.children(RunAnswer, "run", plan.run.id)
    return {(row.example, row.vote): row for row in rows if not (plan.again and row.outcome == "error")}


def pieces_of(inputs: Inputs, wish: RunWish) -> tuple[tuple[Piece, ...], Withheld]:
    """The items that may leave, in the order of their codes, and those that stay; InvalidValueError when none may."""
    if not inputs.children(Example, "gold_set", wish.gold_set.id):
        raise InvalidValueError(
            f"The gold set {wish.gold_set.code} has no items.", "Add some: launchpad labels import."
        )
    asked = Wish(version=wish.version, gold_set=wish.gold_set, split=wish.split, sensitive=wish.sensitive)
    return pieces(inputs, asked)


def prompt_of(inputs: Inputs, wish: RunWish) -> Prompt | None:
    """The prompt that items are put behind; None for a moderation endpoint, which takes the bare text."""
    return None if wish.rendering == "moderation" else compile_prompt(rulebook(inputs, wish.version), wish.rendering)


def _refuse_unfit(inputs: Inputs, wish: RunWish) -> None:
    if wish.gold_set.policy != wish.version.policy:
        raise InvalidValueError(
            f"The gold set {wish.gold_set.code} is of another policy than {inputs.address(wish.version)}.",
            "Name a gold set of this policy.",
        )
    if wish.label_map is not None and wish.rendering != "moderation":
        raise InvalidValueError("A label map reads a moderation endpoint's categories.", "Leave it out here.")
    if not 1 <= wish.votes <= 100 or (wish.votes > 1 and wish.rendering == "moderation"):
        raise InvalidValueError(f"{wish.votes} votes an item cannot be asked for.", "1 to 100; of moderation 1.")
    prompt_of(inputs, wish)
