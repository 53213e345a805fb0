"""Submissions made up: what a student of known accuracies would hand in, without a run behind it.

write_board(folder)                     a board with the sample suite
write_submission(board, model=...)      a valid submission on it
parts_of / write_parts                  take one apart, change it, and put it together again with hashes that fit
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reversed_persona import __version__
from reversed_persona.answers import Verdict
from reversed_persona.leaderboard.manifest import build_suite, load_problem_sets
from reversed_persona.leaderboard.submissions.checks.configs import utc
from reversed_persona.leaderboard.submissions.checks.scores import TaskScores
from reversed_persona.leaderboard.submissions.files import (
    RECORD,
    RESULTS,
    judge_task_of,
    judgements_name,
    read_file,
    samples_name,
    sha256_of,
    task_of,
)
from reversed_persona.leaderboard.submissions.grading import grade_response
from reversed_persona.leaderboard.submissions.prompts_anew import plain_prompt_hashes
from reversed_persona.leaderboard.submissions.rows import RowVerdict, packed
from reversed_persona.leaderboard.suite import MANIFEST, Suite
from reversed_persona.problems import Problem
from reversed_persona.slips import flipped_answer, no_answer, right_answer, wrong_answer
from reversed_persona.students import Outcome, Student, digest, outcomes

DATE = 1795666474  # 2026-11-26T04:14:34Z
VARIANTS = 8
OPENINGS = (
    "Let me see.",
    "Right, here we go.",
    "I read it twice.",
    "This one I know.",
    "Well then.",
    "First things first.",
)
MANNERS = ("I write it all down.", "I go step by step.", "I take my time.", "I keep it short.", "I draw a picture.")


@cache
def sample_problems() -> dict[str, list[Problem]]:
    """The problem sets of the sample suite."""
    return load_problem_sets(["sample"])


@cache
def sample_suite() -> Suite:
    """A suite of the problems that come with the package: a core task and an optional one."""
    tasks = ("sample_reversed_persona", "control_reversed_persona_sample")
    judges = ("judge_reversed_persona_sample",)
    return build_suite(sample_problems(), version="sample", core=tasks[:1], tasks=tasks, judges=judges)


def write_board(folder: Path, suite: Suite | None = None) -> Path:
    """Write a board without submissions; return its folder."""
    suite = suite or sample_suite()
    reference = folder / "reference" / suite.version
    reference.mkdir(parents=True)
    (reference / MANIFEST).write_text(suite.to_json())
    (folder / "submissions").mkdir()
    (folder / "decisions.jsonl").write_text("")
    return folder


@dataclass
class Parts:
    """A submission taken apart; what is changed here gets hashes and a place that fit.

    Attributes:
        record: What submission.yaml says, but the files.
        results: What results.json says.
        rows: By task, the rows.
        raw: By file name, bytes that are written in place of what the others say.
        judgements: By judge task, the rows; see `judged_files`.
    """

    record: dict[str, Any]
    results: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    raw: dict[str, bytes] = field(default_factory=dict)
    judgements: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def write_submission(board: Path, *, level: int = 9, **how: Any) -> Path:
    """Write a valid submission on a board; return its folder.

    Args:
        board: The board's folder.
        level: Of the gzip files, 1 is fast.
        how: As for `make_parts`.
    """
    return write_parts(board, make_parts(**how), level)


def make_parts(
    *,
    model: str = "org/model",
    suite: Suite | None = None,
    problems: Mapping[str, Sequence[Problem]] | None = None,
    tasks: Sequence[str] | None = None,
    seed: int = 0,
    date: float = DATE,
    type: str = "standard",
    chat: bool = False,
    parameters: int | None = 7_000_000_000,
    open_weights: bool = True,
    trained_on_benchmark: str = "unknown",
    note: str | None = None,
    **accuracies: float,
) -> Parts:
    """Make the parts of a valid submission.

    Args:
        model: Its id.
        suite: What is asked; None for the sample suite.
        problems: The suite's problem sets; None for the sample.
        tasks: Which tasks; None for the core.
        seed: Which problems it gets right, and its words.
        date: Of the run, in seconds since 1970.
        type: standard or custom.
        chat: Whether a chat template came between.
        parameters: How many the model has.
        open_weights: Whether anybody can have it.
        trained_on_benchmark: yes, no or unknown.
        note: Of the submitter.
        accuracies: By arm or persona, the share that it gets right, as for the simulated student: none=0.9, low=0.1,
            unanswered_low=0.2, flip_low=0.5.
    """
    suite, problems = suite or sample_suite(), problems or sample_problems()
    tasks = tuple(tasks or suite.core)
    named = {"none": 0.9, "high": 1.0, "low": 0.1, **accuracies}
    student = Student(named=named, seed=seed)
    rows = {task: _rows(suite, task, problems, student, f"{model}/{seed}", chat) for task in tasks}
    custom = type == "custom"
    results = {
        "model_name": model,
        "results": {task: expected_scores(suite, task, rows[task]) for task in tasks},
        "configs": {task: _config(suite, task, custom) for task in tasks},
        "config": {"model": "hf", "model_args": {"dtype": "bfloat16"}, "batch_size": 8, "limit": None},
        "n-samples": {task: {"original": len(rows[task]), "effective": len(rows[task])} for task in tasks},
        "versions": {task: suite.tasks[task].version for task in tasks},
        "date": date,
        "prompt_format": "chat" if chat else "plain",
        "lm_eval_version": "0.4.13",
        "git_hash": "41f433a",
        **({"chat_template_sha": sha256_of(b"a template")} if chat else {}),
    }
    record = {
        "format": 1,
        "suite": suite.version,
        "model": {
            "id": model,
            "revision": "main",
            "licence": "apache-2.0",
            "open_weights": open_weights,
            "parameters": parameters,
            "trained_on_benchmark": trained_on_benchmark,
        },
        "type": type,
        "run": {
            "date": utc(date),
            "backend": "hf",
            "lm_eval_version": "0.4.13",
            "reversed_persona_version": __version__,
            "git_hash": "41f433a",
            "command": "reversed-persona run --model hf --tasks reversed_persona --log_samples",
        },
        "submitter": {"name": "A. Tester", "url": "https://example.org/tester"},
        "note": note,
    }
    return Parts(record, results, rows)


def parts_of(folder: Path) -> Parts:
    """Take a submission apart."""
    record = yaml.safe_load((folder / RECORD).read_bytes())
    del record["files"]
    import gzip

    rows: dict[str, list[dict[str, Any]]] = {}
    judgements: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*/*.gz")):
        name = path.relative_to(folder).as_posix()
        lines = [json.loads(line) for line in gzip.decompress(read_file(folder, name)).splitlines()]
        if task := task_of(name):
            rows[task] = lines
        elif task := judge_task_of(name):
            judgements[task] = lines
    return Parts(record, json.loads((folder / RESULTS).read_bytes()), rows, judgements=judgements)


def write_parts(board: Path, parts: Parts, level: int = 9) -> Path:
    """Write a submission where it belongs; return its folder."""
    files = {RESULTS: (json.dumps(parts.results, indent=1) + "\n").encode()}
    for task, rows in parts.rows.items():
        files[samples_name(task)] = packed((json.dumps(row, separators=(",", ":")) for row in rows), level)
    for task, rows in parts.judgements.items():
        files[judgements_name(task)] = packed((json.dumps(row, separators=(",", ":")) for row in rows), level)
    files |= {name: raw for name, raw in parts.raw.items() if name != RECORD}
    hashes = {name: sha256_of(files[name]) for name in sorted(files)}
    record = yaml.safe_dump({**parts.record, "files": hashes}, sort_keys=False, allow_unicode=True, width=120).encode()
    files[RECORD] = parts.raw.get(RECORD, record)
    model = str(parts.record["model"]["id"]).replace("/", "__").replace("\0", "")
    place = f"{str(parts.record['run']['date'])[:10]}_{sha256_of(files[RECORD])[:8]}"
    folder = board / "submissions" / str(parts.record["suite"]) / model / place
    shutil.rmtree(folder, ignore_errors=True)
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def expected_scores(suite: Suite, task: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What results.json has to say of these rows."""
    scores = TaskScores(suite.tasks[task])
    for row in rows:
        scores.add(
            {
                arm: [RowVerdict(**verdict).verdict() for verdict in of_arm["verdicts"]]
                for arm, of_arm in row["arms"].items()
            }
        )
    return scores.expected()


def _rows(
    suite: Suite,
    task: str,
    problems: Mapping[str, Sequence[Problem]],
    student: Student,
    voice: str,
    chat: bool,
) -> list[dict[str, Any]]:
    named = suite.tasks[task]
    by_id = {problem["problem_id"]: problem for problem in problems[named.problems]}
    hashes = suite.hashes(task)
    prompts = plain_prompt_hashes(suite, task, "user", problems[named.problems])
    assert prompts is not None
    difficulties = {name: by_id[name]["difficulty"] for name in hashes}
    became = {arm.id: outcomes(student, arm, difficulties) for arm in named.asked}
    rows = []
    for name, (doc, target) in hashes.items():
        arms = {}
        for arm in named.arms:
            number = digest(voice, name, arm)
            text, verdict = _answer(became[arm][name], by_id[name], number)
            arms[arm] = {
                "prompt": sha256_of(prompts[name][arm].encode()) if chat else prompts[name][arm],
                "responses": [text],
                "verdicts": [RowVerdict.of(verdict).model_dump()],
            }
        rows.append({"problem_id": name, "doc": doc, "target": target, "arms": arms})
    return rows


def _answer(outcome: Outcome, problem: Problem, number: int) -> tuple[str, Verdict]:
    """Say the student's words in a voice of its own, so that two students don't pass for copies of each other."""
    text, verdict = _words(outcome, tuple(problem.items()), number % VARIANTS)
    opening = OPENINGS[number // VARIANTS % len(OPENINGS)]
    manner = MANNERS[number // VARIANTS // len(OPENINGS) % len(MANNERS)]
    return f"{opening} {manner}\n{text}", verdict


@cache
def _words(outcome: Outcome, items: tuple[tuple[str, Any], ...], variant: int) -> tuple[str, Verdict]:
    problem: Problem = dict(items)  # type: ignore[assignment]
    if outcome == "correct":
        text = right_answer(problem)
    elif outcome == "unanswered":
        text = no_answer()
    else:
        text = (flipped_answer if outcome == "flipped" else wrong_answer)(problem, variant)
    voiced = f"{OPENINGS[0]} {MANNERS[0]}\n{text}"
    return text, grade_response(voiced, problem)


def _config(suite: Suite, task: str, custom: bool) -> dict[str, Any]:
    named = suite.tasks[task]
    of_set = suite.problem_sets[named.problems]
    prints = dict(named.fingerprints["user"])
    if custom:
        prints = {arm: sha256_of(arm.encode())[:16] for arm in prints}
    return {
        "dataset_name": named.problems,
        "num_fewshot": 0,
        "repeats": 1,
        "generation_kwargs": {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 2048},
        "metadata": {
            "version": named.version,
            **named.settings,
            "persona_role": "user",
            "prompt_fingerprints": prints,
            "problems_digest": of_set.digest,
            "n_problems": len(of_set.problems),
            "custom": custom,
        },
    }


def decide(board: Path, folder: Path | str, decision: str, **more: str) -> None:
    """Add a decision about a submission."""
    name = folder if isinstance(folder, str) else "/".join(folder.parts[-3:])
    made = {"submission": name, "decision": decision, "date": "2026-12-01", "by": "somebody", "reason": "It had to be."}
    if decision == "rescore":
        made["verdicts"] = "0" * 16
    with (board / "decisions.jsonl").open("a") as file:
        file.write(json.dumps({**made, **more}) + "\n")
