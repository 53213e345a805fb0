"""Time and memory of compare and report over 10, 50 and 200 made-up models, as ratios to the 10, in one run.

    python tests/benchmarks/comparing.py [MODELS ...]

Each model has a whole log of GSM8K (from the Hub, or from the folder that REVERSED_PERSONA_PROBLEMS names): 1319
questions, three responses each, of the simulated student's kind. Writes some gigabytes into a temporary folder and
exits with 1 where a bar is missed: 50 models in 15 s for compare, with 10,000 joint draws for the ranks, 60 s and 25 MB
for report, and the cost of a model no more than twice that among 10.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reversed_persona.answers import grade
from reversed_persona.problems import Problem, load_problems
from reversed_persona.slips import flipped_answer, no_answer, right_answer, wrong_answer

TASK, DATE = "reversed_persona_gsm8k", "2026-01-02T03-04-05.678901"
EXPECTED = {"none": None, "high": 1.0, "low": 0.0}
PROMPT = "A prompt of the usual length, which says who is asked. " * 15
MODELS = (10, 50, 200)
AT_MOST_S = {"compare": 15.0, "report": 60.0}
AT_MOST_MB = 25.0
LINEAR = 2.0


@dataclass(frozen=True)
class Cost:
    """What one call took."""

    seconds: float
    memory_mb: float


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


def cost_of(*arguments: object) -> Cost:
    """Run the command line in a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "reversed_persona.cli", *map(str, arguments)]
    compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}  # as users have it
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=compiled) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[2:4])}: exited with {process.returncode}")
    return Cost(time.perf_counter() - start, used.ru_maxrss / 1024)


def main() -> int:
    problems = load_problems("gsm8k")
    known = [replies(problem) for problem in problems]
    counts = sorted({int(given) for given in sys.argv[1:]} or MODELS)
    missed: list[str] = []
    per_model: dict[str, float] = {}
    print("| verb | models | seconds | seconds a model | to 10 models | memory, MB | page, MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        write_model(Path(name) / "first", 0, problems, known)
        cost_of("report", Path(name) / "first", "-o", Path(name) / "first.html")  # fills the disk's cache
        written = itertools.count()
        for count in counts:
            while (place := next(written)) < count:
                write_model(Path(name) / f"model-{place}", place, problems, known)
            written = itertools.count(count)
            page = Path(name) / "report.html"
            for verb, more in (("compare", ()), ("report", ("-o", page))):
                cost = cost_of(verb, *sorted(Path(name).glob("model-*")), *more)
                each = cost.seconds / count
                ratio = each / per_model.setdefault(verb, each)
                size = page.stat().st_size / 1e6 if more else None
                cells = [f"{cost.seconds:.1f}", f"{each:.3f}", f"{ratio:.2f}", f"{cost.memory_mb:.0f}"]
                cells.append(f"{size:.1f}" if size is not None else "-")
                print(f"| {' | '.join([verb, str(count), *cells])} |", flush=True)
                if ratio > LINEAR or (count == 50 and (cost.seconds > AT_MOST_S[verb] or (size or 0) > AT_MOST_MB)):
                    missed.append(f"{verb}, {count} models")
    for one in missed:
        print("missed:", one, file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
