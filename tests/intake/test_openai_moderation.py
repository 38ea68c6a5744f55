"""Responses of OpenAI's moderation."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read


def verdict(flagged, **categories):
    return {"flagged": flagged, "categories": categories, "category_scores": dict.fromkeys(categories, 0.1)}


def response(*verdicts, **more):
    return {"id": "modr-1", "model": "omni-moderation-latest", "results": list(verdicts), **more}


def put(tmp_path, words, name="moderation.json"):
    path = tmp_path / name
    path.write_text(words if isinstance(words, str) else json.dumps(words, indent=1), encoding="utf-8")
    return path


def one(file, metric="flagged"):
    (found,) = [r for r in file.results if r.metric == metric]
    return found


TWO = response(verdict(True, violence=True, hate=False), verdict(False, violence=False, hate=None))


def test_that_the_share_flagged_is_counted_and_the_model_is_the_moderator(tmp_path):
    path = put(tmp_path, TWO)
    file = read(path)
    flagged = one(file)
    assert (detect(path), file.run_id) == ("openai-moderation", "modr-1")
    assert (flagged.value, flagged.n, flagged.count, flagged.higher_is_better) == (0.5, 2, 1, None)
    assert (flagged.model, flagged.scorer) == ("unknown", "omni-moderation-latest")
    assert flagged.outcomes.sample == ("0", "1")
    assert "the model named is the moderator" in file.problems[-1].what


def test_that_each_category_is_counted_over_all_texts(tmp_path):
    file = read(put(tmp_path, TWO))
    violence, hate = one(file, "flagged/violence"), one(file, "flagged/hate")
    assert (violence.count, violence.n, hate.count, hate.n, hate.n_unscored) == (1, 2, 0, 1, 1)
    assert violence.tags == ("openai-moderation", "openai-moderation:violence")


@pytest.mark.parametrize("join", [json.dumps, lambda items: "\n".join(map(json.dumps, items)) + "\n"])
def test_that_lists_and_lines_of_responses_are_read(tmp_path, join):
    file = read(put(tmp_path, join([TWO, {**TWO, "id": "modr-2"}])))
    assert (one(file).n, one(file).count, file.run_id) == (4, 2, None)


def test_that_a_batch_is_read_with_its_names_and_failures(tmp_path):
    lines = [
        {"id": "b1", "custom_id": "q-1", "response": {"status_code": 200, "body": response(verdict(True, hate=True))}},
        {"id": "b2", "custom_id": "q-2", "response": {"status_code": 500, "body": {}}, "error": {"code": "x"}},
    ]
    path = put(tmp_path, "\n".join(map(json.dumps, lines)) + "\n", "batch.jsonl")
    file = read(path)
    assert detect(path) == "openai-moderation"
    assert one(file).outcomes.sample == ("q-1", "q-2")
    assert (one(file).n, one(file).n_errors, one(file).scorer) == (1, 1, "omni-moderation-latest")


@pytest.mark.parametrize(
    "document",
    [
        response(verdict("yes", hate="no"), verdict(None)),
        response(verdict(True), "text", 7, None),
        {**response(verdict(True, hate=True)), "model": 7, "id": []},
        response({**verdict(True), "categories": [1]}),
        [TWO, None, 3, {}],
    ],
)
def test_that_wrong_types_are_listed(tmp_path, document):
    file = read(put(tmp_path, document))
    assert len(file.problems) >= 1
    assert all(result.n is not None for result in file.results)


def test_that_a_response_cut_off_is_refused(tmp_path):
    with pytest.raises(ImportRefusedError):
        read(put(tmp_path, json.dumps(TWO)[:-3]))


def test_that_scores_of_categories_alone_are_no_moderation(tmp_path):
    with pytest.raises(ImportRefusedError):
        detect(put(tmp_path, {"model": "m", "category_scores": {"a": 1}}))


def test_that_the_real_response_says_what_the_manifest_says(shared, manifest):
    name = "openai-moderation/openai_moderation_response.json"
    assert manifest[name].startswith("results=10 flagged=2 (index 0,5) model omni-moderation-latest")
    flagged = one(read(shared / "evidence" / "samples" / name))
    assert (flagged.n, flagged.count, flagged.scorer) == (10, 2, "omni-moderation-latest")
    assert [place for place, value in enumerate(flagged.outcomes.value) if value] == [0, 5]
