"""Own cost per response, as a ratio to lm-eval's own gsm8k task in the same process.

Counts building contexts, extraction, grading, scoring and aggregation; the model's time is left out. Needs GSM8K (from
the Hub, or from the folder that REVERSED_PERSONA_PROBLEMS names). Prints one line; exits with 1 where the ratio is 0.6
or more.
"""

import json
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import lm_eval.tasks
from lm_eval.api.instance import Instance
from lm_eval.api.model import LM
from lm_eval.api.task import ConfigurableTask
from lm_eval.evaluator import evaluate
from lm_eval.tasks import TaskManager
from lm_eval.tasks._yaml_loader import load_yaml

from reversed_persona.problems import load_problems
from reversed_persona.rendering import task_folder
from reversed_persona.slips import right_answer, wrong_answer

LIMIT = 0.6
ROUNDS = 3


class Replay(LM):
    """Gives prepared replies and keeps the time that it took to do so."""

    def __init__(self, reply: Any) -> None:
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


def lm_evals_gsm8k(folder: Path) -> ConfigurableTask:
    """Return lm-eval's gsm8k task over the same problems."""
    path = folder / "gsm8k.jsonl"
    rows = [
        {"question": problem["question"], "answer": f"{problem['solution']}\n#### {problem['gold']}"}
        for problem in load_problems("gsm8k")
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = load_yaml(Path(lm_eval.tasks.__file__).parent / "gsm8k" / "gsm8k.yaml")
    config |= {"dataset_path": "json", "dataset_name": None}
    config["dataset_kwargs"] = {"data_files": {"train": str(path), "test": str(path)}, "cache_dir": str(folder)}
    task = ConfigurableTask(config={key: value for key, value in config.items() if key != "tag"})
    task.set_fewshot_seed(1234)
    return task


def cost_s(task: Any, reply: Any, responses_per_question: int) -> float:
    """Return the seconds that lm-eval and the task spend on one response."""
    model = Replay(reply)
    start = time.perf_counter()
    evaluate(model, {"tasks": {task.config.task: task}}, log_samples=True)
    return (time.perf_counter() - start - model.spent_s) / (responses_per_question * len(task.eval_docs))


def main() -> int:
    logging.disable(logging.WARNING)
    name = "reversed_persona_gsm8k"
    own = TaskManager(include_path=str(task_folder()), include_defaults=False).load(name)["tasks"][name]
    with tempfile.TemporaryDirectory() as folder:
        other = lm_evals_gsm8k(Path(folder))
        pairs = [(cost_s(own, own_reply, 3), cost_s(other, lambda doc: f" {doc['answer']}", 1)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{name}: {ours * 1e3:.3f} ms per response; lm-eval's gsm8k: {theirs * 1e3:.3f} ms; "
        f"ratio {ours / theirs:.2f} (must stay below {LIMIT}), medians of {ROUNDS} rounds"
    )
    return 0 if ours / theirs < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
