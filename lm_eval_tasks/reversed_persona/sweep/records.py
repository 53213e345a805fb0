"""What a sweep's file may say. See the page on sweeps, README.md beside this file."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["LocalPart", "ModelPart", "OptionsPart", "SlurmPart", "SweepPart"]

MAX_RUNS = 10_000

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_TIME = re.compile(r"(?:(?P<days>\d{1,3})-)?(?P<first>\d{1,4})(?::(?P<second>\d\d))?(?::(?P<third>\d\d))?")
# They would run something, send the output or the job elsewhere, or are set from other keys.
_NOT_EXTRA = frozenset({
    "array", "bb", "bbf", "chdir", "cpus-per-task", "error", "export", "export-file", "get-user-env", "input",
    "job-name", "nodes", "ntasks", "ntasks-per-node", "open-mode", "output", "partition", "requeue", "signal",
    "test-only", "time", "uid", "gid", "wait", "wrap",
})  # fmt: skip


def _one_line(text: str) -> str:
    # it stands in a comment of a shell script, which a line break would end
    if not text.strip() or not text.isprintable():
        raise ValueError("expected words on one line")
    return text


def _minutes(given: object) -> object:
    """Turn Slurm's own writing of a time into minutes: "90", "4:00:00", "1-12", "1-12:00", "30:00"."""
    if not isinstance(given, str):
        return given
    read = _TIME.fullmatch(given.strip())
    if not read:
        raise ValueError("expected minutes, HOURS:MINUTES:SECONDS or DAYS-HOURS")
    days, first, second, third = (int(part) if part else None for part in read.groups())
    if days is not None:  # days-hours[:minutes[:seconds]]
        seconds = days * 86_400 + (first or 0) * 3_600 + (second or 0) * 60 + (third or 0)
    elif third is not None:  # hours:minutes:seconds
        seconds = (first or 0) * 3_600 + (second or 0) * 60 + third
    else:  # minutes[:seconds]
        seconds = (first or 0) * 60 + (second or 0)
    return -(-seconds // 60)


def _extra(given: Mapping[str, Any]) -> Mapping[str, Any]:
    for key, value in given.items():
        if not re.fullmatch(r"[a-z][a-z-]*", key):
            raise ValueError(f"{key!r}: expected a long option of sbatch without its dashes, such as mail-type")
        if key in _NOT_EXTRA:
            raise ValueError(f"{key!r} cannot be set here; the sweep sets it, or it has a key of its own")
        if isinstance(value, str):
            _one_line(value)
    return given


def _names(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _plain(given: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        json.dumps(given, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("expected texts, numbers, true, false, null, lists and mappings of them") from error
    return given


_Words = Annotated[str, AfterValidator(_one_line), Field(max_length=300)]
_Key = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
_Mapping = Annotated[dict[_Key, Any], AfterValidator(_plain)]
_Tasks = Annotated[list[_Words], BeforeValidator(_names), Field(min_length=1, max_length=200)]


class OptionsPart(BaseModel):
    """Options of `reversed-persona run`, by their long names."""

    model_config = _STRICT

    apply_chat_template: bool | _Words | None = None
    batch_size: int | _Words | None = None
    device: _Words | None = None
    gen_kwargs: _Mapping | None = None
    include_path: _Words | None = None
    limit: float | None = Field(default=None, gt=0)
    max_batch_size: int | None = Field(default=None, ge=1)
    metadata: _Mapping | None = None
    refine: int | None = Field(default=None, ge=1, le=99)
    seed: int | _Words | None = None
    system_instruction: str | None = Field(default=None, max_length=20_000)


class SlurmPart(BaseModel):
    """What a job asks of Slurm.

    Attributes:
        time: Minutes until Slurm ends the job; in the file also "4:00:00" or "1-12".
        requeues: How often a job that runs into its time goes on in a new one.
        at_once: How many jobs may be in the queue at once; None for all.
        extra: Further long options of sbatch; true for those without a value.
    """

    model_config = _STRICT

    partition: _Words | None = None
    account: _Words | None = None
    qos: _Words | None = None
    constraint: _Words | None = None
    time: Annotated[int, BeforeValidator(_minutes), Field(ge=1, le=60 * 24 * 365)] | None = None
    cpus: int | None = Field(default=None, ge=1, le=4_096)
    mem_gb: float | None = Field(default=None, gt=0, le=1e6)
    requeues: int | None = Field(default=None, ge=0, le=1_000)
    at_once: int | None = Field(default=None, ge=1)
    extra: Annotated[dict[str, bool | int | str], AfterValidator(_extra)] = Field(default_factory=dict)


class LocalPart(BaseModel):
    """What runs on this machine.

    Attributes:
        gpus: Which of its GPUs are used, by number or UUID; None for all that are visible.
        at_once: How many runs without a GPU may run at a time.
    """

    model_config = _STRICT

    gpus: list[int | _Words] | None = None
    at_once: int = Field(default=1, ge=1, le=1_000)


class ModelPart(BaseModel):
    """One model of a sweep."""

    model_config = _STRICT

    name: _Words | None = None
    backend: _Words
    model_args: _Mapping = Field(default_factory=dict)
    gpus: int | None = Field(default=None, ge=0, le=1_024)
    tasks: _Tasks | None = None
    options: OptionsPart = OptionsPart()
    slurm: SlurmPart = SlurmPart()


class SweepPart(BaseModel):
    """The whole file."""

    model_config = _STRICT

    output: _Words | None = None
    tasks: _Tasks | None = None
    options: OptionsPart = OptionsPart()
    models: list[ModelPart] = Field(min_length=1, max_length=MAX_RUNS)
    local: LocalPart = LocalPart()
    slurm: SlurmPart | None = None
