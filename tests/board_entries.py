"""Entries of a board made up: one letter says what became of a question.

make_run("task", high="cw", low="wf")      a run of two questions, as `measuring.letters_of` writes it
make_entry("org/model", runs...)           an entry with these runs
write_site(folder, entries)                their site, without a board or a validator before it
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reversed_persona.answers import Verdict
from reversed_persona.leaderboard.board.decisions import Decision
from reversed_persona.leaderboard.board.measuring import measure
from reversed_persona.leaderboard.board.packing import answers_of, entry_data, index_data, problems_data, verdicts_data
from reversed_persona.leaderboard.board.page.rendering import board_page
from reversed_persona.leaderboard.board.records import FACTS, Entry, Kind, file_of
from reversed_persona.leaderboard.board.standings import standings
from reversed_persona.leaderboard.board.writing import DATA, write_data
from reversed_persona.problems import Problem
from reversed_persona.runs import ArmCollector, TaskRun
from submission_files import sample_suite

EXPECTED = {"none": None, "high": 1.0, "low": 0.0}
JUDGED = {
    "c": Verdict("correct", answer="7", derived=True),
    "w": Verdict("wrong", answer="8", derived=True),
    "f": Verdict("wrong", answer="8", flip=True),
    "u": Verdict("unanswered", "empty"),
}


def make_problem(number: int) -> Problem:
    """The problem of this number."""
    return Problem(
        problem_id=f"p{number}",
        question=f"What is {number}?",
        gold="7",
        solution="",
        difficulty=1 + number % 2,
        subject="Algebra",
    )


def make_run(task: str, *, custom: bool = False, reference: bool = False, **arms: str | Sequence[str]) -> TaskRun:
    """Make a run.

    Args:
        task: Its task.
        custom: Whether its prompts are others.
        reference: Whether an instrument answered.
        arms: By arm, a letter for each question; several letters for its repeats.
    """
    collectors = {arm: ArmCollector(EXPECTED.get(arm)) for arm in arms}
    for arm, letters in arms.items():
        for of_question in letters:
            collectors[arm].add([JUDGED[letter] for letter in of_question])
    given = next(iter(arms.values()))
    return TaskRun(
        model="org/model",
        task=task,
        date="2026-11-26",
        samples=None,
        results=None,
        partial=False,
        custom=custom,
        reference=reference,
        metadata={},
        reported={},
        problems=[make_problem(number) for number in range(len(given))],
        arms={arm: collector.scores() for arm, collector in collectors.items()},
        repeats=max(map(len, given)),
    )


def make_entry(
    model: str, *runs: TaskRun, core: Sequence[str] = (), kind: Kind = "standard", decisions: Sequence[Decision] = ()
) -> Entry:
    """Make an entry.

    Args:
        model: Its id.
        runs: Of one task each.
        core: The tasks of the core; none given, those of the runs.
        kind: standard, custom or reference.
        decisions: About it.
    """
    return Entry(
        file=file_of(model, kind),
        submission="" if kind == "reference" else f"1.0/{model.replace('/', '__')}/2026-11-26_01234567",
        model=model,
        kind=kind,
        tier="reference" if kind == "reference" else "recomputed",
        prompts=None if kind == "reference" else "rebuilt",
        facts={**dict.fromkeys(FACTS), "licence": "mit"},
        decisions=decisions,
        measured=measure({run.task: run for run in runs}, core or [run.task for run in runs]),
    )


def write_site(
    folder: Path,
    entries: Sequence[Entry],
    *,
    problems: Sequence[Problem],
    response: str = "3 + 4 = 7\nFinal answer: 7",
    removed: Mapping[str, Sequence[Decision]] | None = None,
) -> Path:
    """Write the site of entries that no validator has seen, all of the sample's core task; return its page.

    Args:
        folder: Where to.
        entries: The rows.
        problems: What was asked.
        response: What every model answered as everybody.
        removed: By submission that doesn't count, what was decided.
    """
    suite = sample_suite()
    (task,) = suite.core
    places = standings(entries, suite.core)
    decided = {entry.submission: entry.decisions for entry in entries if entry.decisions}
    index: dict[str, Any] = index_data(suite, entries, places, removed or {}, decided)
    (folder / DATA).mkdir(parents=True)
    write_data(folder / DATA, f"verdicts-{task}", verdicts_data(task, [one["problem_id"] for one in problems], entries))
    write_data(folder / DATA, f"problems-{suite.tasks[task].problems}", problems_data(problems))
    said = answers_of({arm: [(response, JUDGED["c"])] for arm in EXPECTED})
    for entry in entries:
        write_data(folder / DATA, f"entry-{entry.file}", entry_data(entry, places))
        write_data(folder / DATA, f"answers-{entry.file}-{task}", {one["problem_id"]: said for one in problems})
    page = folder / "index.html"
    page.write_text(board_page(index), encoding="utf-8", newline="\n")
    return page
