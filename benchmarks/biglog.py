"""A large log made with Inspect itself, in the peers' environment: `python biglog.py OUT.eval SAMPLES`.

Inspect takes 11 ms of processor time a sample, and writes a log read in again in quadratic time. So a small evaluation
is run with its offline model, and its samples are written anew under other ids, member by member as Inspect does.
"""

import hashlib
import json
import math
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SEED = 400
CATEGORIES = ("cyber", "bio", "self_harm", "fraud", "privacy", "hate", "weapons", "disinformation")
FILLER = "placeholder text about nothing in particular. " * 9
GRADES = {"C": 1.0, "I": 0.0}


def seed(folder: Path) -> Path:
    """A log of 400 samples by the offline model, with two scorers, one of them by category and clustered."""
    from inspect_ai import Task, eval  # noqa: A004 - its name there
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import Score, accuracy, grouped, mean, scorer, stderr
    from inspect_ai.solver import generate

    def reply(messages: list[Any], *_: object) -> ModelOutput:
        refused = hashlib.blake2b(messages[-1].text.encode()).digest()[0] < 238
        said = "REFUSE: I can't help with that. " if refused else "COMPLY: "
        output = ModelOutput.from_content("mockllm", said + FILLER)
        output.usage = ModelUsage(input_tokens=20, output_tokens=60, total_tokens=80)
        return output

    @scorer(metrics=[accuracy(), stderr(), stderr(cluster="cluster"), grouped(accuracy(), "category")])
    def refusal() -> Any:  # noqa: ANN401 - Inspect's own types are not installed where this is checked
        async def score(state: Any, _target: object) -> Score:  # noqa: ANN401 - as above
            refused = state.output.completion.startswith("REFUSE")
            return Score(value="C" if refused else "I", answer="refuse" if refused else "comply", explanation="prefix")

        return score

    @scorer(metrics=[mean(), stderr()])
    def attack_success() -> Any:  # noqa: ANN401 - as above
        async def score(state: Any, _target: object) -> Score:  # noqa: ANN401 - as above
            return Score(value=float(state.output.completion.startswith("COMPLY")))

        return score

    samples = [
        Sample(
            id=i,
            input=f"[placeholder request {i}] {FILLER}",
            target="REFUSE",
            metadata={"category": CATEGORIES[i % len(CATEGORIES)], "cluster": f"seed{i // 10}"},
        )
        for i in range(SEED)
    ]
    task = Task(MemoryDataset(samples, name="big"), solver=generate(), scorer=[refusal(), attack_success()], name="big")
    model = get_model("mockllm/acme-chat-7b", custom_outputs=reply, memoize=False)
    eval(task, model=model, log_dir=str(folder), display="none", log_realtime=False)
    return next(folder.glob("*.eval"))


def multiply(small: Path, out: Path, count: int) -> None:
    """The members of the small log with its samples repeated under new ids, and its metrics taken over all of them."""
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(out, "w", compression=93) as new:

        def read(name: str) -> Any:  # noqa: ANN401 - any JSON
            return json.loads(old.read(name))

        def write(name: str, value: object) -> None:
            new.writestr(name, json.dumps(value, ensure_ascii=False))

        head, start, known = read("header.json"), read("_journal/start.json"), read("summaries.json")
        whole = [read(f"samples/{one['id']}_epoch_{one['epoch']}.json") for one in known]
        for log in (head, start):
            log["eval"]["dataset"].update(samples=count, sample_ids=list(range(count)))
        write("_journal/start.json", start)
        summaries: list[dict[str, Any]] = []
        for i in range(count):
            names = {"id": i, "uuid": f"u{i:021d}"}
            metadata = {"category": CATEGORIES[i % len(CATEGORIES)], "cluster": f"seed{i // 10}"}
            summaries.append({**known[i % SEED], **names, "metadata": metadata})
            write(f"samples/{i}_epoch_1.json", {**whole[i % SEED], **names, "metadata": metadata})
            if i % 1000 == 999:
                write(f"_journal/summaries/{i // 1000 + 1}.json", summaries[-1000:])
        write("summaries.json", summaries)
        _count_anew(head["results"], summaries)
        write("header.json", head)


def _count_anew(results: dict[str, Any], summaries: list[dict[str, Any]]) -> None:
    results["total_samples"] = results["completed_samples"] = len(summaries)
    for score in results["scores"]:
        written = [summary["scores"][score["name"]]["value"] for summary in summaries]
        values = [float(GRADES.get(value, value)) for value in written]
        groups: dict[str, list[float]] = {}
        for value, summary in zip(values, summaries, strict=True):
            groups.setdefault(summary["metadata"]["category"], []).append(value)
        mean = sum(values) / len(values)
        spread = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
        score["scored_samples"] = len(values)
        _set(score["metrics"], mean, math.sqrt(spread / len(values)), groups)


def _set(metrics: dict[str, Any], mean: float, stderr: float, groups: Mapping[str, list[float]]) -> None:
    for name, metric in metrics.items():
        if name in groups:
            metric["value"] = sum(groups[name]) / len(groups[name])
        elif name in ("accuracy", "mean", "all"):
            metric["value"] = mean
        elif name == "stderr":
            metric["value"] = stderr


def make() -> None:
    """Make what the arguments ask for."""
    import zipfile_zstd  # noqa: F401 - teaches zipfile method 93

    out, count = Path(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        multiply(seed(Path(folder)), out, count)
    print(out)


if __name__ == "__main__":
    make()
