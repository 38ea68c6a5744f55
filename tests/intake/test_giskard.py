"""Scans of giskard 2.x."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read

SCAN = {
    "LLMPromptInjectionDetector": {"major": ["[finding one]", "[finding two]"], "medium": ["[finding three]"]},
    "LLMStereotypesDetector": {},
}
FRAME = (
    ",domain,slicing_fn,transformation_fn,metric,deviation,description\n"
    '0,validation,"`age` >= 58",,Accuracy = 0.5,-34% than global,"[finding, one]"\n'
    "1,validation,,Add typos,Fail rate = 0.4,40/100 tested,[finding two]\n"
    "2,Ethics,,,,,[finding three]\n"
)


def put(tmp_path, words, name="scan.json"):
    path = tmp_path / name
    path.write_text(words if isinstance(words, str) else json.dumps(words), encoding="utf-8")
    return path


def test_that_issues_are_counted_by_detector_and_severity(tmp_path):
    path = put(tmp_path, SCAN)
    file = read(path)
    assert detect(path) == "giskard"
    assert [(r.scorer, r.metric, r.value, r.unit) for r in file.results] == [
        ("LLMPromptInjectionDetector", "issues/major", 2.0, "count"),
        ("LLMPromptInjectionDetector", "issues/medium", 1.0, "count"),
    ]
    assert {(r.n, r.count, r.higher_is_better, r.model) for r in file.results} == {(None, None, None, "unknown")}
    assert "giskard:LLMPromptInjectionDetector" in file.results[0].tags


def test_that_sentences_are_findings_and_silence_is_no_zero(tmp_path):
    listed = [(problem.where, problem.what) for problem in read(put(tmp_path, SCAN)).problems]
    assert ("LLMPromptInjectionDetector/medium", "finding: [finding three]") in listed
    assert ("scan", "detectors that found nothing: LLMStereotypesDetector") in listed


def test_that_a_data_frame_is_counted_by_domain(tmp_path):
    path = put(tmp_path, FRAME, "scan.csv")
    file = read(path)
    assert detect(path) == "giskard"
    assert [(r.scorer, r.metric, r.value) for r in file.results] == [
        ("validation", "issues", 2.0),
        ("Ethics", "issues", 1.0),
    ]
    assert any("[finding, one]; Accuracy = 0.5; -34% than global" in problem.what for problem in file.problems)


@pytest.mark.parametrize(
    "scan",
    [
        {"ADetector": {"major": "a sentence"}},
        {"ADetector": {"major": []}},
        {"ADetector": ["a sentence"]},
        {"ADetector": None},
        {"ADetector": {"major": [None, 3, {}]}, "BDetector": 7},
    ],
)
def test_that_wrong_types_are_listed(tmp_path, scan):
    file = read(put(tmp_path, scan))
    assert len(file.problems) > 1


def test_that_other_keys_are_no_scan(tmp_path):
    with pytest.raises(ImportRefusedError):
        detect(put(tmp_path, {"ADetector": {}, "version": 2}))


def test_that_a_scan_cut_off_is_refused(tmp_path):
    with pytest.raises(ImportRefusedError):
        read(put(tmp_path, json.dumps(SCAN)[:-20]))


def test_that_the_real_scan_says_what_the_manifest_says(shared, manifest):
    assert manifest["giskard/scan.json"].startswith("2 issues, both 'major' under PerformanceBiasDetector")
    file = read(shared / "evidence" / "samples" / "giskard" / "scan.json")
    (result,) = file.results
    assert (result.scorer, result.metric, result.value) == ("PerformanceBiasDetector", "issues/major", 2.0)
    assert sum("47.53% lower" in problem.what for problem in file.problems) == 1
