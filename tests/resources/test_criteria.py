"""The bundled templates of success criteria: every n is what its own figures ask for, every source is named."""

import math
import re
from collections import Counter

import numpy as np
import pytest
import yaml

from launchpad import paths, statistics
from launchpad.edits.criteria import from_template
from launchpad.edits.criterion_templates import templates
from launchpad.records import Evaluation, Inputs, Launch, SuccessCriterion, record_from
from launchpad.records.evidence import EVALUATION_KINDS
from launchpad.scoring.coefficients import of
from launchpad.scoring.criteria import MET, NOT_RUN, standing
from tests.builders import LAUNCH, grounds, inputs_of, result

TEMPLATES = list(templates().values())
IDENTIFIER = re.compile(r"arXiv \d{4}\.\d{5}(; arXiv \d{4}\.\d{5})*|github\.com/[\w-]+/[\w-]+")
each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.code)


@each
def test_that_n_is_the_fewest_that_meet_the_criterion_with_the_stated_chance(template):
    assert template.n == template.n_computed
    assert template.items is None or template.n <= template.items
    judged = [rate for rate in (template.judge_sensitivity, template.judge_specificity) if rate is not None]
    worth = (sum(judged) - 1) ** 2 if len(judged) == 2 else 1.0
    if template.deviation is not None:
        t = statistics.student_quantile(template.confidence, template.n - 1)
        t += statistics.student_quantile(template.power, template.n - 1)
        assert not judged
        assert t * template.deviation / math.sqrt(template.n) <= abs(template.expected - template.threshold)
        return
    from scipy.stats import binom

    n = math.floor(template.n * worth + 1e-9)
    at_least = template.direction == "at_least"
    bad, rate = (1 - template.threshold, 1 - template.expected) if at_least else (template.threshold, template.expected)
    failures = np.arange(n + 1)
    upper = statistics.clopper_pearson_upper(failures.astype(float), np.full(n + 1, float(n)), template.confidence)
    assert binom.pmf(failures[upper <= bad], n, rate).sum() >= template.power


@each
def test_that_a_template_says_what_how_and_from_where(template):
    assert template.kind in EVALUATION_KINDS
    assert template.direction in ("at_least", "at_most")
    assert template.polarity == ("higher" if template.direction == "at_least" else "lower")
    assert IDENTIFIER.fullmatch(template.identifier)
    for words in (template.name, template.measure, template.task, template.metric, template.judge):
        assert words
    assert template.threshold_basis
    assert template.source
    assert template.licence
    assert not any(len(words) != len(words.strip()) for words in (template.code, template.measure, template.source))


@each
def test_that_every_template_becomes_a_criterion_that_can_be_met(template):
    inputs = inputs_of(grounds())
    changes = from_template(inputs, inputs.get(Launch, LAUNCH), template.code)
    evaluation, row = (
        record_from(kind, change.key, change.after)
        for kind, change in zip((Evaluation, SuccessCriterion), changes, strict=True)
    )
    held = Inputs({**inputs.tables, "evaluation": (*inputs.rows(Evaluation), evaluation), "success_criterion": (row,)})
    launch = held.get(Launch, LAUNCH)
    assert standing(held, launch, row, of(held)).standing == NOT_RUN
    best = 1.0 if template.direction == "at_least" else 0.0
    fields = {"evaluation": evaluation.id, "part": template.category or None}
    run = (
        result(1, round(best * template.n), template.n, **fields)
        if template.deviation is None
        else result(1, None, template.n, value=best, stderr=template.deviation / math.sqrt(template.n), **fields)
    )
    with_run = Inputs({**held.tables, "eval_result": (run,)})
    assert standing(with_run, launch, row, of(with_run)).standing == MET


def test_that_codes_are_unique_and_every_row_was_read():
    rows = sum(
        len(path.read_text(encoding="utf-8").splitlines()) - 1
        for path in (paths.resources() / "criteria").glob("*.csv")
    )
    assert rows == len(TEMPLATES) > 80


def test_that_the_kinds_asked_for_are_all_there():
    kinds = Counter(template.kind for template in TEMPLATES)
    for kind in ("values", "cultural", "medical", "misinformation", "over_refusal", "capability", "safeguard"):
        assert kinds[kind] >= 3, kind
    locales = {template.locale for template in TEMPLATES}
    assert {"en-US", "de-DE", "ja-JP", "ar-EG", "hi-IN", "pt-BR"} <= locales


def test_that_every_theme_of_healthbench_has_a_template(shared):
    nodes = yaml.safe_load((shared / "taxonomies" / "healthbench.yaml").read_text(encoding="utf-8"))["nodes"]
    themes = {node["id"] for node in nodes if node["id"].startswith("theme:")}
    assert len(themes) == 7
    assert themes <= {template.category for template in TEMPLATES}


def test_that_categories_named_after_a_shared_taxonomy_are_in_it(shared):
    for code, taxonomy in (("MIS-DNA", "do-not-answer"), ("MIS-AIR-DISINFO", "air-2024")):
        nodes = yaml.safe_load((shared / "taxonomies" / f"{taxonomy}.yaml").read_text(encoding="utf-8"))["nodes"]
        assert templates()[code].category in {node["name"] for node in nodes}
