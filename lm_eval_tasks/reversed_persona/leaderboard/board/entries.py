"""Submissions and decisions -> what the board shows: of each model and type the newest submission that counts.

A board says nothing that can't be checked here and now. A submission that counts is graded again; where it is refused,
or its scores are no longer what it says, the board is not built until a decision says what to do with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from reversed_persona.errors import LeaderboardError, did_you_mean
from reversed_persona.leaderboard.board.decisions import DECISIONS, Decision, Decisions
from reversed_persona.leaderboard.board.doc import measure_doc
from reversed_persona.leaderboard.board.flagging import active_markup, what_was_said
from reversed_persona.leaderboard.board.measuring import measure
from reversed_persona.leaderboard.board.records import Entry, file_of
from reversed_persona.leaderboard.submissions.checks.others import Marks
from reversed_persona.leaderboard.submissions.checks.scores import FILTER, TaskScores
from reversed_persona.leaderboard.submissions.examining import Problems
from reversed_persona.leaderboard.submissions.files import RECORD, read_file
from reversed_persona.leaderboard.submissions.findings import Refused, shown
from reversed_persona.leaderboard.submissions.grading import GradedRow, verdicts_digest
from reversed_persona.leaderboard.submissions.places import find_submissions
from reversed_persona.leaderboard.submissions.record import Regraded, SubmissionRecord, read_record
from reversed_persona.leaderboard.submissions.rescoring import Rescored, rescore
from reversed_persona.leaderboard.suite import Suite, SuiteTask
from reversed_persona.runs import Reported

__all__ = ["Choice", "Chosen", "choose", "submission_entry"]

_SLIP = 2
"""Two hashes of eight digits come as near as this by chance once in 300,000 times."""


@dataclass(frozen=True)
class Chosen:
    """A submission that the board shows.

    Attributes:
        submission: Its folder below submissions/.
        folder: The same as a path.
        model: The model's id, as submission.yaml says.
        kind: Its type, likewise.
        date: Of its run, likewise.
        tier: What was checked.
        decisions: What was decided about it.
        older: Those of the same model and type that it replaces, the newest first.
    """

    submission: str
    folder: Path
    model: str
    kind: Literal["standard", "custom"]
    date: str
    tier: Literal["recomputed", "reproduced"]
    decisions: Sequence[Decision]
    older: Sequence[str] = ()


@dataclass(frozen=True)
class Choice:
    """What becomes of a board's submissions.

    Attributes:
        shown: Those that are shown, by model and type.
        older: Those that a newer one of the same model and type replaces.
        removed: By submission, what was decided about those that don't count; their folders may be gone.
        decided: By submission, what was decided about all others, of other suites too, in the order in which it was.
    """

    shown: Sequence[Chosen]
    older: Sequence[str]
    removed: Mapping[str, Sequence[Decision]]
    decided: Mapping[str, Sequence[Decision]]


def choose(board: Path, suite: Suite, decisions: Decisions) -> Choice:
    """Choose what a board shows of a version of the suite.

    Args:
        board: The board's folder.
        suite: Which version.
        decisions: What was decided.

    Raises:
        LeaderboardError: A submission that counts can't be read, or a decision is about one that isn't there.
    """
    folders = {"/".join(folder.parts[-3:]): folder for folder in find_submissions(board, suite.version)}
    _check_decisions(board, suite, decisions, folders)
    newest: dict[tuple[str, str], Chosen] = {}
    for one in sorted(
        (_read(name, folder, decisions) for name, folder in folders.items() if decisions.counts(name)),
        key=lambda one: (one.date, one.submission),
    ):
        before = newest.get((one.model, one.kind))
        older = (_plain(before.submission), *before.older) if before else ()
        newest[one.model, one.kind] = replace(one, older=older)
    names = dict.fromkeys(decision.submission for decision in decisions.made)
    removed = {name for name in names if name.startswith(f"{suite.version}/") and not decisions.counts(name)}
    return Choice(
        shown=[newest[key] for key in sorted(newest)],
        older=sorted(name for one in newest.values() for name in one.older),
        removed={name: decisions.about(name) for name in names if name in removed},
        decided={name: decisions.about(name) for name in names if name not in removed},
    )


def _check_decisions(board: Path, suite: Suite, decisions: Decisions, folders: Mapping[str, Path]) -> None:
    """Refuse a decision on a submission that should be there and isn't: a slip in its name would go unnoticed.

    The folder of a removed one may be gone; but where another's name is as good as the same, that one was meant.
    """
    for decision in decisions.made:
        name = decision.submission
        if name in folders:
            continue
        is_due = name.startswith(f"{suite.version}/") and decisions.counts(name)
        if is_due or any(_is_slip(name, other) for other in folders):
            raise LeaderboardError(
                f"{board / DECISIONS}: {decision.decision} of {name}: there is no such submission; expected the name "
                f"of a folder in submissions/{did_you_mean(name, folders)}"
            )


def _is_slip(name: str, other: str) -> bool:
    """Whether two names differ in case alone, or in at most two signs."""
    one, two = name.casefold(), other.casefold()
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= _SLIP


def _read(name: str, folder: Path, decisions: Decisions) -> Chosen:
    try:
        record = read_record(read_file(folder, RECORD))
    except Refused as error:
        raise _refused(name, str(error)) from error
    except (LeaderboardError, ValueError) as error:
        raise _refused(name, f"{folder}/{RECORD}: {error!s:.300}") from error
    return Chosen(
        submission=name,
        folder=folder,
        model=record.model.id,
        kind=record.type,
        date=record.run.date,
        tier=decisions.tier(name),
        decisions=decisions.about(name),
    )


def submission_entry(
    chosen: Chosen, suite: Suite, problems: Problems, marks: Marks | None = None
) -> tuple[Entry, Mapping[str, Sequence[GradedRow]]]:
    """Grade a submission again.

    Args:
        chosen: Which.
        suite: The version of the suite it is of.
        problems: The suite's problem sets by name, found right by `examining.check_problems`.
        marks: What makes responses comparable, for all of a board; None where they are not compared.

    Returns:
        Its entry, and by task its graded answers.

    Raises:
        LeaderboardError: It is refused, or its verdicts or scores are not ours and no decision says that they changed.
    """
    try:
        rescored = rescore(chosen.folder, suite, problems)
    except Refused as error:
        raise _refused(chosen.submission, str(error)) from error
    _check_scores(chosen, rescored)
    runs = {
        task: replace(run, reported=_reported(suite.tasks[task], rescored.answers[task]))
        for task, run in rescored.runs.items()
    }
    entry = Entry(
        file=file_of(chosen.model, chosen.kind),
        submission=chosen.submission,
        model=chosen.model,
        kind=chosen.kind,
        tier=chosen.tier,
        prompts=rescored.prompts,
        facts={**_facts(rescored.record), "flagged": active_markup(rescored.answers)},
        decisions=chosen.decisions,
        measured=measure(runs, suite.core),
        older=chosen.older,
        doc=measure_doc(rescored.record, rescored.judged, rescored.answers),
        said=what_was_said(rescored.answers, suite.core, marks) if marks else None,
    )
    return entry, rescored.answers


def _check_scores(chosen: Chosen, rescored: Rescored) -> None:
    """Refuse scores that changed in silence. Where a machine ran out of time, machines may differ honestly."""
    differing = [one for one in rescored.disagreements if one.kind == "refused"]
    if not differing:
        return
    ours = verdicts_digest(rescored.answers)
    decided = [decision for decision in chosen.decisions if decision.decision == "rescore"]
    if not any(decision.verdicts == ours for decision in decided):
        said = _plain(f"{chosen.submission}: {differing[0].said}")
        again = f" and are others than on {decided[-1].date}, when that was decided" if decided else ""
        raise LeaderboardError(
            f"{said}; its verdicts and scores are not ours{again}. If the grader changed, add a decision 'rescore' "
            f'with the reason and "verdicts": "{ours}" to {DECISIONS}; else \'remove\' it'
        )


def _reported(task: SuiteTask, rows: Sequence[GradedRow]) -> dict[str, Reported]:
    """Return what lm-eval would report of our verdicts: what the results file says may be of an older grader."""
    scores = TaskScores(task)
    for row in rows:
        scores.add({arm: given.verdicts for arm, given in row.arms.items()})
    found = scores.expected()
    means = {name.removesuffix(f",{FILTER}"): value for name, value in found.items() if f"_stderr,{FILTER}" not in name}
    return {name: Reported(value, found.get(f"{name}_stderr,{FILTER}")) for name, value in means.items()}


def _refused(name: str, said: str) -> LeaderboardError:
    mending = f"mend it, or add a decision 'remove' with the reason to {DECISIONS}"
    return LeaderboardError(f"{_plain(f'{name}: {said}')}. No board is built with it: {mending}")


def _plain(text: str) -> str:
    """Return a text without signs that steer a terminal: nobody has checked what it names."""
    return shown(text, 1_000)[1:-1]


def _regraded(made: Regraded | None) -> str | None:
    if made is None:
        return None
    what = f"{made.verdicts} verdicts" if made.verdicts else "the scores"
    return f"{what} after the run, which had reversed-persona {made.run_version or 'of an unknown version'}"


def _facts(record: SubmissionRecord) -> dict[str, str | int | bool | None]:
    model, run = record.model, record.run
    return {
        "revision": model.revision,
        "licence": model.licence,
        "open_weights": model.open_weights,
        "parameters": model.parameters,
        "trained_on_benchmark": model.trained_on_benchmark,
        "backend": run.backend,
        "lm_eval_version": run.lm_eval_version,
        "reversed_persona_version": run.reversed_persona_version,
        "regraded": _regraded(run.regraded),
        "git_hash": run.git_hash,
        "command": run.command,
        "date": run.date,
        "submitter": record.submitter.name,
        "url": record.submitter.url,
        "note": record.note,
    }
