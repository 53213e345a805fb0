"""Own cost per response, as a ratio to lm-eval's own gsm8k and minerva_math500 in the same process.

Counts building contexts, extraction, grading, scoring and aggregation, with samples logged; the model's time is left
out. All tasks are asked over whole problem sets; lm-eval's own read theirs from files, with the few-shot examples that
they come with.
"""

import contextlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lm_eval.tasks
from lm_eval.api.instance import Instance
from lm_eval.api.model import LM
from lm_eval.api.task import ConfigurableTask
from lm_eval.evaluator import evaluate
from lm_eval.tasks import TaskManager
from lm_eval.tasks._yaml_loader import load_yaml
from rows import Row, Sizes

from reversed_persona.problems import load_problems
from reversed_persona.rendering import task_folder
from reversed_persona.slips import right_answer, wrong_answer

__all__ = ["names", "rows"]

LIMIT = 0.6
Reply = Callable[[dict[str, Any]], str]


class Replay(LM):
    """Gives prepared replies and keeps the time that it took to do so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply, self.spent_s = reply, 0.0

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        start = time.perf_counter()
        replies = [self.reply(request.doc) for request in requests]
        self.spent_s = time.perf_counter() - start
        return replies

    def loglikelihood(self, requests: list[Instance]) -> Any:
        raise NotImplementedError("only generate_until tasks are timed")

    loglikelihood_rolling = loglikelihood


def own_reply(doc: dict[str, Any]) -> str:
    return wrong_answer(doc, len(doc["question"])) if doc["persona"] == "low" else right_answer(doc)


def gsm8k_reply(doc: dict[str, Any]) -> str:
    return f" {doc['answer']}"


def minerva_reply(doc: dict[str, Any]) -> str:
    """Answer a third of the problems wrongly, as often as one of three personas does."""
    said = f"{doc['answer']} + 1" if len(doc["problem"]) % 3 == 0 else doc["answer"]
    return f"{doc['solution']}\nFinal Answer: The final answer is ${said}$. I hope it is correct."


def gsm8k_rows() -> list[dict[str, Any]]:
    return [
        {"question": problem["question"], "answer": f"{problem['solution']}\n#### {problem['gold']}"}
        for problem in load_problems("gsm8k")
    ]


def math500_rows() -> list[dict[str, Any]]:
    return [
        {"problem": problem["question"], "solution": problem["solution"], "answer": problem["gold"]}
        for problem in load_problems("math500")
    ]


# problem set: lm-eval's task, its file, what it is asked about, what is answered
BESIDE: dict[str, tuple[str, str, Callable[[], list[dict[str, Any]]], Reply]] = {
    "gsm8k": ("gsm8k", "gsm8k/gsm8k.yaml", gsm8k_rows, gsm8k_reply),
    "math500": ("minerva_math500", "minerva_math/minerva_math500.yaml", math500_rows, minerva_reply),
}


def names(sizes: Sizes) -> list[str]:
    """Return the names of the rows, in their order."""
    return [f"cost per response, reversed_persona_{name}" for name in BESIDE]


def rows(sizes: Sizes) -> Iterator[Row]:
    """Time both sides in turn, and take the medians."""
    for name, problems in zip(names(sizes), BESIDE, strict=True):
        task, file, given, reply = BESIDE[problems]
        ours_task = f"reversed_persona_{problems}"
        own = TaskManager(include_path=str(task_folder()), include_defaults=False).load(ours_task)["tasks"][ours_task]
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):  # progress bars
            try:
                other = lm_evals_task(file, given(), Path(folder))
            except (AssertionError, ImportError):  # what minerva_math raises of a newer antlr
                yield Row(name, f"{3 * len(own.eval_docs):,} responses", "-", f"{task}: needs antlr 4.11")
                continue
            pairs = [(cost_s(own, own_reply, 3), cost_s(other, reply, 1)) for _ in range(sizes.rounds)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        yield Row(
            name, f"{3 * len(own.eval_docs):,} responses", f"{ours * 1e3:.2f} ms", f"{task} {theirs * 1e3:.2f} ms",
            ours / theirs, f"ratio below {LIMIT}", ours / theirs < LIMIT,
        )  # fmt: skip


def lm_evals_task(file: str, given: list[dict[str, Any]], folder: Path) -> ConfigurableTask:
    """Return a task of lm-eval's own over given rows."""
    path = folder / "problems.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    config = load_yaml(Path(lm_eval.tasks.__file__).parent / file)
    config |= {"dataset_path": "json", "dataset_name": None}
    config["dataset_kwargs"] = {"data_files": {"train": str(path), "test": str(path)}, "cache_dir": str(folder)}
    task = ConfigurableTask(config={key: value for key, value in config.items() if key != "tag"})
    task.set_fewshot_seed(1234)
    return task


def cost_s(task: Any, reply: Reply, responses_per_question: int) -> float:
    """Return the seconds that lm-eval and the task spend on one response."""
    model = Replay(reply)
    start = time.perf_counter()
    evaluate(model, {"tasks": {task.config.task: task}}, log_samples=True)
    return (time.perf_counter() - start - model.spent_s) / (responses_per_question * len(task.eval_docs))
