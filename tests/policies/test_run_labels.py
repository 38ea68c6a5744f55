"""What a model may answer, how its words are read, and how sure it was."""

import json
import math

import pytest

from launchpad.endpoints.answers import Token
from launchpad.policies.compile_prompts import PROMPTS, compile_prompt
from launchpad.policies.rulebook import rulebook
from launchpad.policies.run_labels import choices_of, read_said, score_of


@pytest.fixture
def prompt(small):
    policy = small.sound()

    def make(rendering: str):
        return compile_prompt(rulebook(policy.inputs, policy.version), rendering)

    return make


@pytest.mark.parametrize("rendering", PROMPTS)
def test_that_every_choice_is_an_answer_by_the_contract_and_none_is_there_twice(prompt, rendering):
    made = prompt(rendering)
    choices = choices_of(made)
    answers = [made.read(choice) for choice in choices]
    assert {answer.outcome for answer in answers} == {"label"}
    assert len(set(choices)) == len(set(answers)) == len(choices)
    wanted = {"violates", "safe"} | (set() if rendering == "llama_guard" else {"escalate"})
    assert {answer.label for answer in answers} == wanted
    cited = {clause for answer in answers for clause in answer.clauses}
    assert cited == ({"P-01"} if rendering == "llama_guard" else {"P-01", "P-02"})


SAFE = '{"label": "safe", "clauses": []}'
BAD = '{"label": "violates", "clauses": ["P-01"]}'


@pytest.mark.parametrize(
    ("text", "outcome", "label"),
    [
        (BAD, "label", "violates"),
        (f"```json\n{BAD}\n```", "label", "violates"),
        (f"<think>It says {SAFE}, but</think>\n{BAD}", "label", "violates"),
        (f"My verdict is {BAD} because it asks for money.", "label", "violates"),
        (f"{BAD} and again {BAD}", "label", "violates"),
        (f"{SAFE} or rather {BAD}", "unparsable", None),
        (f'I read {{"request": "say {{", "response": null}} and say {BAD}', "label", "violates"),
        (f'The item holds {{"request": {json.dumps(SAFE)}}}', "unparsable", None),
        (f'{{"verdict": {BAD}}}', "unparsable", None),
        ('{"label": "violates", "clauses": ["P-99"]}', "unparsable", None),
        ("I'm sorry, but I can't help with that.", "refused", None),
        ("I\u2019m very sorry, no.", "refused", None),
        ("As an AI, I do not judge.", "refused", None),
        ("It cannot be said.", "unparsable", None),
        ("safe", "unparsable", None),
        ("", "unparsable", None),
        ("{" * 5000, "unparsable", None),
    ],
)
def test_that_free_text_is_read_for_a_single_verdict(prompt, text, outcome, label):
    found = read_said(prompt("chat"), text, strict=False)
    assert (found.outcome, found.label) == (outcome, label)


def test_that_what_was_held_to_a_form_is_read_to_the_letter(prompt):
    made = prompt("chat")
    assert read_said(made, BAD, strict=True).label == "violates"
    assert read_said(made, f"My verdict is {BAD}", strict=True).outcome == "unparsable"
    assert read_said(made, "I cannot help with this.", strict=True).outcome == "refused"
    guard = prompt("llama_guard")
    assert read_said(guard, "\n\nunsafe\nS1\n", strict=False).clauses == ("P-01",)
    assert read_said(guard, "I think it is\nsafe", strict=False).outcome == "unparsable"


def tokens(*parts: str, at: int, **chances: float) -> list[Token]:
    """Tokens of which one has these others beside it."""
    others = {name.replace("_", " "): math.log(chance) for name, chance in chances.items()}
    return [Token(part, -0.1, others if place == at else {part: -0.1}) for place, part in enumerate(parts)]


def test_that_the_score_is_the_share_of_violates_among_the_verdicts():
    whole = tokens('{"', "label", '":', ' "', "viol", "ates", '"', at=4, viol=0.6, safe=0.2, esc=0.1, the=0.1)
    assert score_of("chat", whole) == pytest.approx(0.6 / 0.9)
    pieces = tokens('{"label": "', "s", "a", "f", "e", at=1, s=0.5, sa=0.25, v=0.24, w=0.01)
    assert score_of("chat", pieces) == pytest.approx(0.24 / 0.99)
    number = tokens('{"violation":', " ", "1", ",", at=2, **{"1": 0.9, "0": 0.05, "2": 0.05})
    assert score_of("gpt_oss_safeguard", number) == pytest.approx(0.9 / 0.95)
    glued = tokens('{"violation":', " 0", ",", at=1, _0=0.7, _1=0.3)
    assert score_of("gpt_oss_safeguard", glued) == pytest.approx(0.3)
    guard = tokens("un", "safe", "\nS1", at=0, un=0.8, safe=0.1, s=0.1)
    assert score_of("llama_guard", guard) == pytest.approx(0.8)
    blank = tokens("\n\n", "safe", at=1, unsafe=0.4, safe=0.4)
    assert score_of("llama_guard", blank) == pytest.approx(0.5)


def test_that_there_is_no_score_where_nothing_vouches_for_one():
    assert score_of("chat", ()) is None
    assert score_of("chat", tokens("no", " verdict", at=0, no=1)) is None
    hidden = tokens('{"label": "', "v", "iolates", at=1, v=0.002, the=0.9, a=0.001)
    assert score_of("chat", hidden) is None
    forced = tokens('{"label": "', "s", "afe", at=1, the=0.9, v=0.0001)
    assert score_of("chat", forced) is None
    assert score_of("chat", [Token('{"label": "', -0.1, {}), Token("safe", -0.1, {})]) is None
