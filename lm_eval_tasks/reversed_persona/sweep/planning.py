"""What a sweep's file comes to: runs, each with its folder, its command and what tells it from others."""

import fnmatch
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.answer_cache import owner_of
from reversed_persona.backends import WEIGHTS
from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.preflight import OUR_NAMES, check_model, check_model_args
from reversed_persona.runs.names import own_tasks
from reversed_persona.sweep.file import SweepFile
from reversed_persona.sweep.records import ModelPart, OptionsPart, SlurmPart

__all__ = ["Run", "folder_of_sweep", "plan_runs"]

REFERENCES = ("simulated_student", "simulated_judge")
# how fast it runs; none of it makes another run
_OPERATION = ("batch_size", "max_batch_size", "device")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@+-]+")
_SIZES = ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size")


@dataclass(frozen=True)
class Run:
    """One lm-eval run of a sweep.

    Attributes:
        model: What the file calls the model.
        task: What lm-eval's --tasks gets.
        folder: Where all of the run is kept; its name ends in a hash of the configuration.
        workplace: Folder in which the command runs, so that relative paths of the file mean what they say beside it.
        command: What runs it.
        gpus: How many GPUs it needs.
        configuration: What makes it this run and no other, without secrets.
        slurm: What it asks of Slurm; None where the file says nothing of Slurm.
    """

    model: str
    task: str
    folder: Path
    workplace: Path
    command: tuple[str, ...]
    gpus: int = 0
    configuration: Mapping[str, Any] | None = None
    slurm: SlurmPart | None = None

    @property
    def label(self) -> str:
        """What people read."""
        return f"{self.model}, {self.task}"


def folder_of_sweep(file: SweepFile) -> Path:
    """Return where a sweep keeps its runs: `output`, beside the file; else out/ and the file's name."""
    path = file.path.absolute()
    return path.parent / (Path(file.sweep.output).expanduser() if file.sweep.output else Path("out") / path.stem)


def plan_runs(file: SweepFile, only: Sequence[str] = ()) -> list[Run]:
    """Return the runs of a sweep, in the order of its file.

    Args:
        file: The sweep's file.
        only: Names of models, or globs; empty for all.

    Raises:
        SettingsError: A backend or a task is not there, GPUs and model_args are at odds, two models have one name, or
            `only` names none.
    """
    names: dict[str, str] = {}
    runs = []
    for number, model in enumerate(file.sweep.models):
        place = ("models", number)
        name = _name(file, place, model)
        if (slug := _slug(name).lower()) in names:
            raise file.error(
                (*place, "name"), f"{name!r} is taken by {names[slug]!r}; give each model a name of its own"
            )
        names[slug] = name
        _check_backend(file, place, model)
        gpus = _gpus(file, place, model)
        if not only or any(fnmatch.fnmatchcase(name, pattern) for pattern in only):
            runs += [
                _run(file, name, model, task, gpus, _slurm(file, place, model)) for task in _tasks(file, place, model)
            ]
    if not runs:
        known = ", ".join(names.values())
        raise SettingsError(
            f"--only {' '.join(only)}: names no model of {file.path}; expected one of {known}"
            + did_you_mean(only[0], names.values())
        )
    return runs


def _name(file: SweepFile, place: tuple[str | int, ...], model: ModelPart) -> str:
    name = model.name or model.model_args.get("pretrained") or model.model_args.get("model")
    if not isinstance(name, str) or not name.isprintable() or not _slug(name).strip("._"):
        raise file.error(place, "has no name; expected `name`, or `pretrained` or `model` in its model_args")
    return name


def _check_backend(file: SweepFile, place: tuple[str | int, ...], model: ModelPart) -> None:
    try:
        if model.backend not in REFERENCES:
            check_model(model.backend)
        check_model_args(model.backend, model.model_args)
    except SettingsError as error:
        key = "backend" if "unknown model type" in str(error) else "model_args"
        said = re.sub(r"^--\S+(?: base_url)?: ", "", str(error))
        raise file.error((*place, key), said) from error


def _gpus(file: SweepFile, place: tuple[str | int, ...], model: ModelPart) -> int:
    """Return how many GPUs a model gets; what model_args spread it over has to be the same number."""
    try:
        spread = 1
        for size in _SIZES:
            spread *= int(model.model_args.get(size, 1))
    except (TypeError, ValueError) as error:
        raise file.error((*place, "model_args"), f"{', '.join(_SIZES)}: expected whole numbers") from error
    if model.gpus is None:
        return spread if model.backend in WEIGHTS else 0
    if model.gpus and model.backend in WEIGHTS:
        if model.backend == "vllm" and spread != model.gpus:
            raise file.error(
                (*place, "gpus"),
                f"got {model.gpus}, but model_args spread the model over {spread}; expected tensor_parallel_size x "
                "pipeline_parallel_size x data_parallel_size to be the number of GPUs",
            )
        if model.backend.startswith("h") and model.gpus > 1 and not {"parallelize", "device_map"} & {*model.model_args}:
            raise file.error(
                (*place, "gpus"),
                f"got {model.gpus}, of which {model.backend} would use one; add parallelize: true to model_args",
            )
    return model.gpus


def _tasks(file: SweepFile, place: tuple[str | int, ...], model: ModelPart) -> Iterator[str]:
    """Go through a model's tasks; of those that bear this package's name only the ones that are there pass."""
    if model.tasks is None:
        place = ()
    tasks = model.tasks or file.sweep.tasks
    if tasks is None:
        raise file.error(place, "'tasks' is missing; expected it here or in each model, such as [reversed_persona]")
    known = own_tasks()
    includes = _options(file, model).include_path is not None
    for number, task in enumerate(tasks):
        for name in task.replace(",", " ").split():
            if OUR_NAMES in name and not includes and not fnmatch.filter(known, name):
                raise file.error(
                    (*place, "tasks", number),
                    f"{name!r} is no task of this package; expected one of {', '.join(sorted(known))}"
                    + did_you_mean(name, known),
                )
        if task in tasks[:number]:
            raise file.error((*place, "tasks", number), f"{task!r} stands twice; keep one")
        yield task


def _options(file: SweepFile, model: ModelPart) -> OptionsPart:
    """Lay a model's options over those of all; mappings key by key."""
    own = {key: getattr(model.options, key) for key in model.options.model_fields_set}
    common = {key: getattr(file.sweep.options, key) for key in file.sweep.options.model_fields_set}
    for key, value in own.items():
        common[key] = {**common[key], **value} if isinstance(value, dict) and common.get(key) else value
    return OptionsPart(**common)


def _slurm(file: SweepFile, place: tuple[str | int, ...], model: ModelPart) -> SlurmPart | None:
    if file.sweep.slurm is None:
        if model.slurm.model_fields_set:
            raise file.error(
                (*place, "slurm"), "overrides a section that is not there; expected `slurm` at the top too"
            )
        return None
    common, own = (
        {key: getattr(part, key) for key in part.model_fields_set} for part in (file.sweep.slurm, model.slurm)
    )
    merged = SlurmPart(**{**common, **own, "extra": {**file.sweep.slurm.extra, **model.slurm.extra}})
    if merged.time is None:
        raise file.error(("slurm",), "'time' is missing; expected how long a job may take, such as 4:00:00")
    return merged


def _run(file: SweepFile, name: str, model: ModelPart, task: str, gpus: int, slurm: SlurmPart | None) -> Run:
    options = _options(file, model)
    kept = {key: value for key, value in options.model_dump(exclude_none=True).items() if key not in _OPERATION}
    configuration = {"model": owner_of(model.backend, model.model_args), "tasks": task, "options": kept}
    text = json.dumps(configuration, sort_keys=True, default=str)
    code = hashlib.sha256(text.encode()).hexdigest()[:8]
    folder = folder_of_sweep(file) / _slug(name) / f"{_slug(task)[:60]}-{code}"
    arguments = ["--model", model.backend]
    if model.model_args:
        arguments += ["--model_args", _pairs(model.model_args)]
    # a name alone would not split at blanks, which lm-eval takes as several arguments
    arguments += ["--tasks", *task.replace(",", " ").split(), *_flags(options)]
    arguments += ["--log_samples", "--output_path", str(folder / "results"), "--use_cache", str(folder / "answers")]
    command = (sys.executable, "-m", "reversed_persona.cli", "run", *arguments)
    return Run(name, task, folder, file.path.absolute().parent, command, gpus, configuration, slurm)


def _flags(options: OptionsPart) -> Iterator[str]:
    for key, value in options.model_dump(exclude_none=True).items():
        if value is False:
            continue
        yield f"--{key}"
        if key == "metadata":
            yield json.dumps(value)
        elif isinstance(value, dict):
            yield _pairs(value)
        elif value is not True:
            yield f"{value:g}" if isinstance(value, float) else str(value)


def _pairs(given: Mapping[str, Any]) -> str:
    """Write arguments as lm-eval reads them: key=value where that is understood as it is meant, else as JSON."""
    if all(_reads_back(value) for value in given.values()):
        return ",".join(f"{key}={value}" for key, value in given.items())
    return json.dumps(given)


def _reads_back(value: object) -> bool:
    if isinstance(value, bool | int | float):
        return True
    if not isinstance(value, str) or not _PLAIN.fullmatch(value) or value.lower() in ("true", "false", "none"):
        return False
    try:
        float(value)
    except ValueError:
        return not value.startswith("0x")
    return False


def _slug(name: str) -> str:
    """Return a name as a folder may have it."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name.replace("*", "all")).lstrip(".-")[:100] or "_"
