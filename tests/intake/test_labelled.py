"""Labels as tools write them, the published minimal files among them, and files that are wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ImportRefusedError
from launchpad.intake.labelled import read_labelled
from launchpad.intake.labelled.tools import READERS, tool_of


@pytest.fixture
def file(tmp_path):
    def write(content, name="labels.json"):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_that_each_published_example_is_read_as_its_tools(shared):
    folder = shared / "reference" / "export-examples"
    found = read_labelled(folder / "label_studio_tasks.json")
    assert (found.tool, found.predictions, found.given[0].item, found.given[0].said) == (
        "label-studio",
        1,
        "med-0001",
        (),
    )
    found = read_labelled(folder / "doccano_textcls.jsonl")
    assert (found.tool, found.given[0].item, found.given[0].said) == ("doccano", "med-0001", (("", "MED-01.safe"),))
    found = read_labelled(folder / "prodigy_choice.jsonl")
    assert (found.tool, found.given[0].item, found.given[0].version) == ("prodigy", "med-0001", "1.2.0")


def test_that_annotations_of_label_studio_keep_who_when_and_what(file):
    result = [
        {"from_name": "label", "type": "choices", "value": {"choices": ["MED-01.safe"]}},
        {"from_name": "response_style", "type": "choices", "value": {"choices": ["refuse"]}},
        {"from_name": "severity", "type": "rating", "value": {"rating": 3}},
        {"from_name": "why", "type": "textarea", "value": {"text": ["a reason"]}},
        {"from_name": "confidence", "type": "rating", "value": {"rating": 3}},
        {"from_name": "topic", "type": "choices", "value": {"choices": ["x"]}},
    ]
    done = {"completed_by": {"id": 7, "email": "a@example.org"}, "result": result, "updated_at": "2026-01-02T03:04:05Z"}
    skipped, truth = {"completed_by": 8, "was_cancelled": True, "result": []}, {"ground_truth": True, "result": result}
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    data = {"item_id": "X-1", "messages": turns, "rater": "P-1"}
    found = read_labelled(file([{"id": 5, "data": data, "annotations": [done, skipped, truth]}]))
    (one,) = found.given
    assert one.said == (("", "MED-01.safe"), ("style", "refuse"), ("severity", "3"), ("note", "a reason"))
    assert (one.item, one.rater, one.for_rater, one.at) == ("X-1", "a@example.org", "P-1", "2026-01-02T03:04:05+00:00")
    assert (one.request, one.response) == ("Hi", "Hello")
    assert [problem.what.partition(";")[0] for problem in found.problems] == [
        "the control 'topic' is about no label of ours",
        "the annotator skipped this item",
        "this is a settled label, which is set by launchpad labels settle",
    ]


def test_that_label_studios_short_form_is_a_table(file):
    found = read_labelled(file([{"item_id": "X-1", "violation": "safe", "annotator": 4, "annotation_id": 9, "id": 1}]))
    assert [(one.item, one.rater, one.said) for one in found.given] == [("X-1", "4", (("violation", "safe"),))]


def test_that_drafts_of_argilla_and_rejections_of_prodigy_are_listed(file):
    responses = {"violation": [{"value": "safe", "user_id": "u1"}, {"value": "x", "user_id": "u2", "status": "draft"}]}
    found = read_labelled(file([{"id": "X-1", "fields": {}, "responses": responses}]))
    assert [(one.rater, one.said) for one in found.given] == [("u1", (("violation", "safe"),))]
    assert "draft" in found.problems[0].what
    task = {"text": "t", "options": [], "accept": ["safe"], "meta": {"item_id": "X-1"}, "_annotator_id": "set-ann"}
    lines = "\n".join(json.dumps(task | {"answer": answer}) for answer in ("accept", "reject", "ignore"))
    found = read_labelled(file(lines, "p.jsonl"))
    assert [(one.rater, one.said) for one in found.given] == [("set-ann", (("", "safe"),))]
    assert [problem.where for problem in found.problems] == ["line 2", "line 3"]


def test_that_a_choice_nobody_answered_is_no_label(file):
    task = {"text": "t", "options": [], "accept": ["safe"], "meta": {"item_id": "X-1"}}
    assert read_labelled(file(json.dumps(task), "p.jsonl")).given[0].said == ()


def test_that_the_apostrophe_before_a_formula_goes_again(file):
    found = read_labelled(file("item_id,rater,violation,note\n'=1,ann,safe,'-x\n", "t.csv"))
    assert (found.given[0].item, dict(found.given[0].said)["note"]) == ("=1", "-x")


BAD = [
    ("", "empty"),
    ("a,b\n1,2\n", "which item"),
    ("item_id,rater\nX-1,ann\n", "no labels"),
    ("[]", "says nothing"),
    ("[1,", "not valid JSON"),
    ("item_id,rater,violation\n", "no ratings"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_that_what_holds_no_labels_is_refused(file, text, words):
    with pytest.raises(ImportRefusedError, match=words):
        read_labelled(file(text, "x.csv"))


def test_that_lines_that_are_no_json_are_listed(file):
    good = '{"item_id": "X-1", "rater": "a", "violation": "safe"}'
    found = read_labelled(file(f"{good}\nnot json\n{good}\n", "x.jsonl"))
    assert (len(found.given), [one.where for one in found.problems]) == (2, ["line 2"])


NAMES = (
    *("data", "annotations", "result", "value", "choices", "from_name", "fields", "responses", "meta", "accept"),
    *("answer", "label", "body", "message", "content", "user_id", "completed_by", "custom_id", "response"),
    *("status_code", "error", "item_id", "messages"),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)
KEYS = [
    ("data", "annotations"),
    ("fields", "responses"),
    ("options", "accept", "answer", "meta", "_timestamp"),
    ("label",),
    ("custom_id", "response"),
]


@given(st.sampled_from(KEYS), st.lists(ANYTHING, min_size=5, max_size=5))
def test_that_any_json_is_read_or_listed_and_never_breaks_a_reader(keys, values):
    entry = dict(zip(keys, values, strict=False))
    tool = tool_of(entry)
    problems = []
    for name in READERS if tool is None else (tool,):
        for one in READERS[name]("here", entry, problems):
            assert all(isinstance(part, str) for said in one.said for part in said)
            "".join(words for said in one.said for words in said).encode()
