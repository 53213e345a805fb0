"""Time and memory of compare and report over made-up models, as ratios to the fewest of them.

Each model has a whole log of GSM8K: 1319 questions, three responses each, of the simulated student's kind. Writes some
gigabytes into a temporary folder. The bars: 50 models in 15 s for compare, with 10,000 joint draws for the ranks, in 60
s and 25 MB for report; a model costs no more than twice what it costs among the fewest.
"""

import itertools
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rows import Cost, Row, Sizes, cost_of

from reversed_persona.answers import grade
from reversed_persona.problems import Problem, load_problems
from reversed_persona.slips import flipped_answer, no_answer, right_answer, wrong_answer

__all__ = ["names", "rows"]

TASK, DATE = "reversed_persona_gsm8k", "2026-01-02T03-04-05.678901"
EXPECTED = {"none": None, "high": 1.0, "low": 0.0}
PROMPT = "A prompt of the usual length, which says who is asked. " * 15
AT_MOST_S = {"compare": 15.0, "report": 60.0}
AT_MOST_MB = 25.0
LINEAR = 2.0
BAR_MODELS = 50


def replies(problem: Problem) -> Mapping[str, Sequence[tuple[str, Mapping[str, object]]]]:
    """Return responses to a problem with their verdicts, by what they are."""
    texts = {
        "right": [right_answer(problem)],
        "wrong": [wrong_answer(problem, variant) for variant in range(3)] + [flipped_answer(problem, 0)],
        "silent": [no_answer()],
    }
    return {
        kind: [(text, grade(text, gold=problem["gold"], question=problem["question"]).fields()) for text in of_kind]
        for kind, of_kind in texts.items()
    }


def write_model(folder: Path, place: int, problems: Sequence[Problem], known: Sequence[Mapping]) -> None:
    """Write a run; models differ in ability, in how well they play, and in how often they fall silent."""
    draw = random.Random(place)
    ability, plays, silence = draw.uniform(0.3, 0.98), draw.uniform(0, 0.9), draw.uniform(0, 0.1)
    chances = {"none": ability, "high": ability, "low": ability * (1 - plays)}
    lines = []
    for problem, of_problem in zip(problems, known, strict=True):
        resps, verdicts = [], []
        for arm, chance in chances.items():
            kind = "right" if draw.random() < chance else "silent" if draw.random() < silence else "wrong"
            text, fields = draw.choice(of_problem[kind])
            resps.append([text])
            verdicts.append([json.dumps({"persona": arm, "expected_accuracy": EXPECTED[arm], **fields})])
        arguments = {f"gen_args_{k}": {"arg_0": PROMPT + problem["question"]} for k in range(len(chances))}
        lines.append(json.dumps({"doc": problem, "arguments": arguments, "resps": resps, "filtered_resps": verdicts}))
    folder.mkdir()
    (folder / f"samples_{TASK}_{DATE}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    results = {
        "model_name": f"org/model-{place}",
        "configs": {TASK: {"metadata": {"custom": False}}},
        "results": {TASK: {"alias": TASK}},
        "n-samples": {TASK: {"original": len(problems), "effective": len(problems)}},
    }
    (folder / f"results_{DATE}.json").write_text(json.dumps(results), encoding="utf-8")


def names(sizes: Sizes) -> list[str]:
    """Return the names of the rows, in their order."""
    return [f"{verb}, {count} models" for count in sorted(sizes.models) for verb in ("compare", "report")]


def rows(sizes: Sizes) -> Iterator[Row]:
    """Run both verbs over ever more models."""
    problems = load_problems("gsm8k")
    known = [replies(problem) for problem in problems]
    per_model: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder, page = Path(name), Path(name) / "report.html"
        write_model(folder / "first", 0, problems, known)
        cost_of("report", folder / "first", "-o", folder / "first.html")  # fills the disk's cache
        for fewer, count in itertools.pairwise([0, *sorted(sizes.models)]):
            for place in range(fewer, count):
                write_model(folder / f"model-{place}", place, problems, known)
            models = sorted(folder.glob("model-*"))
            for verb, more in (("compare", ()), ("report", ("-o", page))):
                cost = cost_of(verb, *models, *more)
                first = per_model.setdefault(verb, cost.cpu_s / count)
                yield _row(verb, count, cost, cost.cpu_s / count / first, page.stat().st_size / 1e6 if more else None)


def _row(verb: str, count: int, cost: Cost, ratio: float, size_mb: float | None) -> Row:
    bar, held = f"a model no more than {LINEAR:.0f} x", ratio <= LINEAR
    if count == BAR_MODELS:
        bar, held = f"{bar}, {AT_MOST_S[verb]:.0f} s", held and cost.seconds <= AT_MOST_S[verb]
        bar, held = (bar, held) if size_mb is None else (f"{bar}, {AT_MOST_MB:.0f} MB", held and size_mb <= AT_MOST_MB)
    here = str(cost) if size_mb is None else f"{cost}, page {size_mb:.1f} MB"
    return Row(
        f"{verb}, {count} models", f"{count * 3957:,} responses", here, "a model of the fewest", ratio, bar, held
    )
