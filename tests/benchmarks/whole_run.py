"""What a run of the whole benchmark costs beside its model: time, memory, and whether both grow with the responses.

Runs every task of `reversed_persona_*`, 63,311 responses, through lm-eval's own command line, each share of the
problems in a process of its own. A model answers at once from memory: worked answers, no two of them alike, so that
nothing that was graded before helps. Its own time is taken off.

The bars: 90 s and 2 GB for the whole on two cores, and a further response costs no more among all than among few.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rows import Row, Sizes, measured

__all__ = ["names", "rows"]

TASKS = "reversed_persona_*"
AT_MOST_S = 90.0
AT_MOST_MB = 2048.0
LINEAR = 1.5
ITSELF = "whole run, through lm_eval with --include_path"


@dataclass(frozen=True)
class RunCost:
    """What one run took.

    Attributes:
        responses: How many were asked for.
        wall_s: From start to end of the process, without the model's time.
        cpu_s: CPU time of it and its children, likewise.
        memory_mb: Most that it and its children had at once.
        growing_s: CPU time without that of starting Python and lm-eval, which doesn't depend on the responses.
        stages: Wall and CPU seconds of each stage.
    """

    responses: int
    wall_s: float
    cpu_s: float
    memory_mb: float
    growing_s: float
    stages: dict[str, tuple[float, float]]


# -- in a process of its own ------------------------------------------------------------------------------------------


class Stages:
    """Adds up the seconds that functions take, on the clock and on this process's CPU."""

    def __init__(self) -> None:
        self.spent: dict[str, tuple[float, float]] = {}
        self._inside = False

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Have every call of a function counted; calls within another counted one belong to that."""
        function = getattr(owner, name)

        def watched(*arguments: Any, **options: Any) -> Any:
            if self._inside:
                return function(*arguments, **options)
            self._inside = True
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                before = self.spent.get(stage, (0.0, 0.0))
                self.spent[stage] = (
                    before[0] + time.perf_counter() - wall,
                    before[1] + time.process_time() - cpu,
                )
                self._inside = False

        setattr(owner, name, watched)


def answer_of(doc: dict[str, Any], others: Sequence[str], number: int) -> str:
    """Return a worked answer to a request, unlike that to any other: right, wrong in three ways, or none."""
    from reversed_persona.slips import flipped_answer, no_answer, right_answer, wrong_answer
    from reversed_persona.students import digest

    draw = digest(number, doc["problem_id"]) % 100
    low = doc["persona"].startswith(("low", "graded_20", "graded_40"))
    opening = f"Let me see, this is request {number}, and I was asked as {doc['persona']}."
    if draw < 3:
        return f"{opening} {no_answer()}"
    if draw < (40 if low else 80):
        return f"{opening}\n{right_answer(doc)}"
    if draw < 70:
        return f"{opening}\n{wrong_answer(doc, number)}"
    if draw < 75:
        return f"{opening}\n{flipped_answer(doc, number)}"
    working = right_answer(doc).rpartition("\n")[0]
    return f"{opening}\n{working}\nFinal answer: {others[number % len(others)]}"


def register_model(count: Callable[[int], None]) -> Any:
    """Make lm-eval know the model that answers from memory."""
    import lm_eval.models  # noqa: F401  # first, or lm-eval takes our model for all there are
    from lm_eval.api.registry import register_model as register

    from reversed_persona.reference_model import ReferenceModel

    @register("answers_from_memory")
    class FromMemory(ReferenceModel):
        KIND = "answers_from_memory"
        TASKS = "generate_until tasks only"

        def __init__(self, model: str = "answers_from_memory", **ignored: Any) -> None:
            super().__init__(model)

        def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
            count(len(requests))
            golds: dict[str, dict[str, None]] = {}
            for request in requests:  # a wrong answer of the same set's kind
                golds.setdefault(request.doc["problem_id"].partition("-")[0], {})[request.doc["gold"]] = None
            others = {name: list(of_set) for name, of_set in golds.items()}
            return [
                answer_of(request.doc, others[request.doc["problem_id"].partition("-")[0]], number)
                for number, request in enumerate(requests)
            ]

    return FromMemory


def run_here(share: float, through: str, out: Path) -> None:
    """Run the benchmark in this process, and write down what the stages took."""
    stages, counted = Stages(), [0]

    def count(n: int) -> None:
        counted[0] += n

    model = register_model(count)
    import lm_eval.evaluator
    from lm_eval.config.evaluate_config import EvaluatorConfig
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.tasks import TaskManager

    from reversed_persona.question_task import QuestionTask
    from reversed_persona.rendering import task_folder
    from reversed_persona.task import ReversedPersonaTask

    for owner, name, stage in (
        (EvaluatorConfig, "process_tasks", "finding tasks"),
        (TaskManager, "load", "finding tasks"),
        (QuestionTask, "build_all_requests", "contexts"),
        (model, "generate_until", "model"),
        (QuestionTask, "apply_filters", "grading"),
        (ReversedPersonaTask, "process_results", "scoring"),
        (lm_eval.evaluator, "_process_results", "aggregating"),
        (EvaluationTracker, "save_results_aggregated", "writing"),
        (EvaluationTracker, "save_results_samples", "writing"),
    ):
        stages.watch(owner, name, stage)
    arguments = ["--model", model.KIND, "--tasks", TASKS, "--log_samples", "--output_path", str(out / "results")]
    arguments += [] if share == 1 else ["--limit", str(share)]
    if through == "lm_eval":
        from lm_eval.__main__ import cli_evaluate

        sys.argv = ["lm_eval", "run", "--include_path", str(task_folder()), *arguments]
        cli_evaluate()
    else:
        from reversed_persona.harness import run

        run(arguments)
    found = {"responses": counted[0], "stages": stages.spent, "cpu_s": time.process_time()}
    (out / "stages.json").write_text(json.dumps(found), encoding="utf-8")


# -- in the parent ----------------------------------------------------------------------------------------------------


def measure(share: float, through: str) -> RunCost:
    """Run the benchmark on a share of the problems, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, __file__, name, str(share), through]
        cost = measured(command, {"LMEVAL_LOG_LEVEL": "WARNING"})
        found = json.loads((Path(name) / "stages.json").read_text(encoding="utf-8"))
    stages = {stage: (spent[0], spent[1]) for stage, spent in found["stages"].items()}
    model = stages.pop("model")
    cpu = cost.cpu_s - model[1]
    starting = found["cpu_s"] - model[1] - sum(spent for _, spent in stages.values())
    return RunCost(found["responses"], cost.seconds - model[0], cpu, cost.memory_mb, cpu - starting, stages)


def names(sizes: Sizes) -> list[str]:
    """Return the names of the rows, in their order."""
    shares = sorted(sizes.shares)
    ours = [name for share in shares for name in (_name(share), *([_slope(share)] if share != shares[0] else []))]
    return [*ours, ITSELF] if sizes.itself else ours


def rows(sizes: Sizes) -> Iterator[Row]:
    """Run ever greater shares of the benchmark, and the whole through `lm_eval` itself."""
    costs: list[RunCost] = []
    for share in sorted(sizes.shares):
        costs.append(cost := measure(share, "reversed-persona"))
        yield _row(_name(share), cost)
        if len(costs) > 1:
            first, each = (_further_ms(one, other) for one, other in (costs[:2], costs[-2:]))
            ratio = each / first
            size = f"{costs[-1].responses - costs[-2].responses:,} more"
            beside = f"{first:.3f} CPU ms among the fewest"
            bar = f"at most {LINEAR} x"
            yield Row(_slope(share), size, f"{each:.3f} CPU ms", beside, ratio, bar, ratio <= LINEAR)
    if sizes.itself:
        yield _row(ITSELF, measure(1.0, "lm_eval"))


def _name(share: float) -> str:
    return "whole run" if share == 1 else f"whole run, {share:.0%} of the problems"


def _slope(share: float) -> str:
    return f"{_name(share)}: a further response"


def _further_ms(fewer: RunCost, more: RunCost) -> float:
    return 1e3 * (more.growing_s - fewer.growing_s) / (more.responses - fewer.responses)


def _row(name: str, cost: RunCost) -> Row:
    parts = ", ".join(f"{stage} {cpu:.1f}" for stage, (_, cpu) in cost.stages.items())
    here = f"{cost.wall_s:.1f} s ({cost.cpu_s:.1f} CPU s: {parts}), {cost.memory_mb:.0f} MB"
    held = cost.wall_s <= AT_MOST_S and cost.memory_mb <= AT_MOST_MB
    return Row(name, f"{cost.responses:,} responses", here, bar=f"{AT_MOST_S:.0f} s, 2 GB", held=held)


if __name__ == "__main__":
    run_here(float(sys.argv[2]), sys.argv[3], Path(sys.argv[1]))
