"""Which files of an output folder belong to one run of lm-eval: those with one date in one folder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reversed_persona.errors import RunsError
from reversed_persona.result_files import RESULTS_NAME, SAMPLES_NAME

__all__ = ["RunFiles", "find_run_files"]


@dataclass(frozen=True)
class RunFiles:
    """The files of one run of lm-eval.

    Attributes:
        folder: Where they lie.
        date: When they were written, as lm-eval puts it into their names.
        results: The results file; None where it isn't there any more.
        samples: The sample log of each task.
    """

    folder: Path
    date: str
    results: Path | None
    samples: Mapping[str, Path]


def find_run_files(outputs: Sequence[Path]) -> list[RunFiles]:
    """Find the runs below some folders; of a file that is named itself, the run that it belongs to.

    Args:
        outputs: Folders as --output_path names them, folders in them, or single results files and sample logs. Of a
            sample log only its own task is taken.

    Raises:
        RunsError: A path is not there, or nothing below it was written by lm-eval.
    """
    found: dict[tuple[Path, str], RunFiles] = {}
    for output in outputs:
        files = list(_files_of(output))
        runs = list(_together(files))
        if not runs:
            raise RunsError(
                f"{output}: holds no results of lm-eval; expected results_<date>.json and samples_<task>_<date>.jsonl, "
                "which a run with --output_path and --log_samples leaves"
            )
        for run in runs:
            known = found.get((run.folder, run.date))
            found[run.folder, run.date] = _joined(known, run) if known else run
    return [found[key] for key in sorted(found)]


def _files_of(output: Path) -> Iterator[Path]:
    path = output.resolve()
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*.json*")) if file.is_file())
    elif path.is_file() and (named := SAMPLES_NAME.fullmatch(path.name)):
        yield path
        yield from (file for file in path.parent.glob(f"*_{named['date']}.json") if file.is_file())
    elif path.is_file() and (named := RESULTS_NAME.fullmatch(path.name)):
        yield path
        yield from (file for file in path.parent.glob(f"samples_*_{named['date']}.jsonl") if file.is_file())
    elif path.exists():
        raise RunsError(
            f"{output}: is no results file and no sample log of lm-eval by its name; expected a folder, "
            "results_<date>.json or samples_<task>_<date>.jsonl"
        )
    else:
        raise RunsError(f"{output}: is not there; expected a folder that a run's --output_path named")


def _together(files: Iterable[Path]) -> Iterator[RunFiles]:
    results: dict[tuple[Path, str], Path] = {}
    samples: dict[tuple[Path, str], dict[str, Path]] = {}
    for file in files:
        if named := SAMPLES_NAME.fullmatch(file.name):
            samples.setdefault((file.parent, named["date"]), {})[named["task"]] = file
        elif named := RESULTS_NAME.fullmatch(file.name):
            results[file.parent, named["date"]] = file
    for folder, date in sorted({*results, *samples}):
        yield RunFiles(folder, date, results.get((folder, date)), samples.get((folder, date), {}))


def _joined(one: RunFiles, other: RunFiles) -> RunFiles:
    return RunFiles(one.folder, one.date, one.results or other.results, {**one.samples, **other.samples})
