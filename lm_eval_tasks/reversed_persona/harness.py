"""lm-eval as we start it: its own `run`, with this package's tasks and models known to it."""

import fnmatch
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reversed_persona.errors import BackendError, ReversedPersonaError, SettingsError, did_you_mean
from reversed_persona.output import check_written
from reversed_persona.preflight import OUR_NAMES, check_run, chosen_docs
from reversed_persona.rendering import task_folder

__all__ = ["Finished", "run"]

_STARTING = {"get_model", "create_from_arg_obj", "create_from_arg_string", "chat_template", "apply_chat_template"}


@dataclass
class _Progress:
    """How far a run got."""

    config: Any = None
    tasks: Any = None
    tracker: Any = None
    has_results: bool = False


@dataclass(frozen=True)
class Finished:
    """What a run left.

    Attributes:
        results: Its results file; None without --output_path, and in all data-parallel processes but the first.
    """

    results: Path | None

    def samples(self, task: str) -> Path:
        """Return where the samples of a task are, if they are logged."""
        if self.results is None:
            raise ValueError("the run left no results; expected an --output_path")
        date = self.results.stem.rpartition("_")[2]
        return self.results.parent / f"samples_{task}_{date}.jsonl"


def _nothing(*_: Any) -> None:
    """Leave everything as it is."""


def run(
    arguments: Sequence[str],
    configure: Callable[[Any], None] = _nothing,
    check: Callable[[Any, Mapping[str, Any]], None] = _nothing,
) -> Finished:
    """Run `lm_eval run` with these arguments.

    Args:
        arguments: As typed.
        configure: Changes lm-eval's configuration after it has been read.
        check: Gets that and this package's tasks in the run, and refuses it where something is wrong.

    Returns:
        Where the results are.

    Raises:
        ReversedPersonaError: A setting, a template or a problem set is wrong, the model can't be loaded or stopped
            answering, or the results could not be kept.
        SystemExit: lm-eval's own parser refuses the arguments, or shows its help.
    """
    import lm_eval.models  # noqa: F401  # first, or lm-eval takes our model for all there are
    from lm_eval._cli import HarnessCLI
    from lm_eval.utils import setup_logging

    import reversed_persona.judging.simulation  # registers simulated_judge
    import reversed_persona.simulation  # noqa: F401  # registers simulated_student

    setup_logging()
    own_argv, sys.argv = sys.argv, ["lm-eval", "run", *arguments]  # where lm-eval's parser looks
    parser = HarnessCLI()
    try:
        with _our_tasks(configure, check) as progress:
            parser.execute(_in_one_line(parser.parse_args))
    finally:
        sys.argv = own_argv
    _check_results(progress)
    kept = progress.has_results and progress.config.output_path
    return Finished(_results_file(progress.tracker) if kept else None)


@contextmanager
def _our_tasks(
    configure: Callable[[Any], None], check: Callable[[Any, Mapping[str, Any]], None]
) -> Iterator[_Progress]:
    """Let lm-eval find this package's tasks beside the user's, and say what goes wrong in one line."""
    import lm_eval
    import lm_eval.tasks
    from lm_eval.config.evaluate_config import EvaluatorConfig

    progress = _Progress()
    from_cli, process_tasks = EvaluatorConfig.from_cli, EvaluatorConfig.process_tasks
    task_manager, evaluate = lm_eval.tasks.TaskManager, lm_eval.simple_evaluate

    def with_our_tasks(config: Any, metadata: Any = None) -> Any:
        given = config.include_path or []
        folders = [given] if isinstance(given, str | Path) else list(given)
        ours = task_folder()
        # the same folder twice would make lm-eval warn of every task as overridden
        config.include_path = [str(folder) for folder in folders if not _holds(Path(folder), ours)] + [str(ours)]
        # reading the thousands of YAMLs that come with lm-eval takes it ten seconds
        lm_eval.tasks.TaskManager = partial(task_manager, include_defaults=bool(given) or not _only_ours(config.tasks))
        manager = _in_one_line(process_tasks, config, metadata)
        progress.config = config
        progress.tasks = _ours(manager, config.tasks)
        check_run(config, progress.tasks, manager.all_tasks)
        check(config, progress.tasks)
        return manager

    def watched(*arguments: Any, **options: Any) -> Any:
        progress.tracker = options.get("evaluation_tracker")
        try:
            results = evaluate(*arguments, **options)
        except ReversedPersonaError:
            raise
        except Exception as error:  # whatever a backend raises
            logging.getLogger("lm_eval").debug("The whole error:", exc_info=error)
            if told := _told(error, progress.config):
                traceback.clear_frames(error.__traceback__)  # or a progress bar ends after the message
                raise told from error
            raise
        progress.has_results = results is not None  # of data-parallel processes only the first has them
        return results

    def configured(namespace: Any) -> Any:
        config = _in_one_line(from_cli, namespace)
        configure(config)
        return config

    EvaluatorConfig.from_cli = configured
    EvaluatorConfig.process_tasks = with_our_tasks
    lm_eval.simple_evaluate = watched
    try:
        yield progress
    finally:
        EvaluatorConfig.from_cli, EvaluatorConfig.process_tasks = from_cli, process_tasks
        lm_eval.tasks.TaskManager, lm_eval.simple_evaluate = task_manager, evaluate


def _ours(manager: Any, names: Sequence[Any]) -> dict[str, Any]:
    """Load this package's tasks of a run: by name, or in a group or a YAML of the user's, but not lm-eval's own."""
    from lm_eval import tasks

    own = Path(str(tasks.__file__)).parent
    wanted = [name for name in names if not (isinstance(name, str) and _is_in(manager.task_index.get(name), own))]
    loaded = manager.load(wanted)["tasks"] if wanted else {}
    return {name: task for name, task in loaded.items() if hasattr(task, "settings")}


def _is_in(entry: Any, folder: Path) -> bool:
    return entry is not None and entry.yaml_path is not None and folder in Path(entry.yaml_path).parents


def _told(error: Exception, config: Any) -> BackendError | None:
    """Say in one line what a backend raised; None for an error that isn't a backend's: that one needs its traceback."""
    steps = {frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)}
    said = (str(error).strip().splitlines() or ["no message"])[0]
    if "generate_until" in steps:
        resume = (
            "run the same command again to go on from the last answer"
            if config.use_cache
            else "with --use_cache FILE a run can go on from the last answer"
        )
        what = f"stopped answering ({type(error).__name__}: {said:.300}); {resume}"
    elif steps & _STARTING:
        what = f"did not start ({type(error).__name__}: {said:.300}); check --model_args with `reversed-persona doctor`"
    else:
        return None
    return BackendError(f"--model {config.model}: {what}. LMEVAL_LOG_LEVEL=DEBUG shows the whole error")


def _check_results(progress: _Progress) -> None:
    config = progress.config
    if not (progress.has_results and config.output_path):
        return
    rows = {
        name: len(chosen_docs(task, config.limit, config.samples))
        for name, task in progress.tasks.items()
        if config.log_samples
    }
    check_written(_results_file(progress.tracker), config.output_path, rows)


def _results_file(tracker: Any) -> Path | None:
    """Return where lm-eval wrote this run's results: others may be writing to the same folder."""
    date = getattr(tracker, "date_id", None)
    if date is None:
        return None
    path = Path(tracker.output_path)
    if path.suffix == ".json":
        return path.with_name(f"{path.stem}_{date}.json")
    return path / str(tracker.general_config_tracker.model_name_sanitized) / f"results_{date}.json"


def _only_ours(tasks: str | Sequence[str] | None) -> bool:
    """Whether every name, or glob of names, is of this package and can't be of lm-eval."""
    names = ",".join([tasks] if isinstance(tasks, str) else map(str, tasks or [""])).split(",")
    return all(OUR_NAMES in name and fnmatch.filter(_our_task_names(), name) for name in names)


def _holds(folder: Path, ours: Path) -> bool:
    return folder.resolve() in (ours, ours.parent)


def _in_one_line(step: Callable[..., Any], *arguments: Any) -> Any:
    """Call a step of lm-eval's configuration; what it refuses is the user's to mend, so no traceback."""
    try:
        return step(*arguments)
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise SettingsError(f"lm-eval: {error}{_tasks_hint(str(error))}. See `reversed-persona run --help`") from error


def _tasks_hint(said: str) -> str:
    """Return which tasks there are, the nearest and the benchmark first, where lm-eval said that it finds none."""
    if "Tasks not found" not in said:
        return ""
    names = sorted(_our_task_names(), key=lambda name: not name.startswith(OUR_NAMES))
    near = "".join(did_you_mean(name, names) for name in said.rpartition(": ")[2].split(", "))
    return f"{near or '.'} The tasks here are {', '.join(names)}"


def _our_task_names() -> list[str]:
    from lm_eval.tasks import TaskManager

    return list(TaskManager(include_path=str(task_folder()), include_defaults=False).all_tasks)
