"""`reversed-persona sweep`: many models and tasks, here or on a cluster."""

import argparse
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from reversed_persona.errors import SettingsError
from reversed_persona.verbs.options import CHECK_FAILED, Verbs

if TYPE_CHECKING:
    from reversed_persona.sweep.cluster import SlurmPlace
    from reversed_persona.sweep.driver import Ended
    from reversed_persona.sweep.file import SweepFile
    from reversed_persona.sweep.local import LocalPlace
    from reversed_persona.sweep.planning import Run

__all__ = ["add"]

INTERRUPTED = 130


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    sweep = verbs.add_parser(
        "sweep",
        help="many models and tasks: one run each, on this machine's GPUs or as Slurm's jobs; resumable",
        description="Runs what FILE says, each model and task in a process and a folder of its own. What is complete "
        "is skipped, and what was interrupted goes on from its answers: start the same command again. Exits with 1 if "
        "a run failed. With a `slurm` section in FILE each run is a job. What FILE may "
        "say: sweep/README.md in the folder that `path` prints.",
    )
    sweep.add_argument("file", metavar="FILE", type=Path, help="a YAML file of models and tasks")
    sweep.add_argument("--dry-run", action="store_true", help="print the commands of what is left, and run nothing")
    sweep.add_argument("--local", action="store_true", help="run on this machine, whatever FILE says of Slurm")
    sweep.add_argument("--only", metavar="MODEL", nargs="+", default=[], help="these models only, by name or glob")
    sweep.add_argument(
        "--at-once", metavar="N", type=int, help="how many runs without a GPU at a time (default: FILE's)"
    )
    sweep.set_defaults(verb=_sweep)


def _sweep(options: argparse.Namespace) -> int:
    from reversed_persona.sweep.cluster import job_parameters, live_jobs
    from reversed_persona.sweep.driver import complete_before, only_driver
    from reversed_persona.sweep.file import read_sweep_file
    from reversed_persona.sweep.planning import folder_of_sweep, plan_runs
    from reversed_persona.sweep.progress import script

    file = read_sweep_file(options.file)
    runs = plan_runs(file, options.only)
    local = options.local or file.sweep.slurm is None
    if options.dry_run:
        complete = [run for run in runs if complete_before(run)]
        left = [run for run in runs if run not in complete]
        lines = script(left, complete, _devices(file) if local else None)
        if not local:
            lines += [f"# Slurm: {run.label}: {job_parameters(run)}" for run in left]
        print("\n".join(lines))
        return 0
    place = _local_place(file, options.at_once) if local else _slurm_place(file)
    place.check(runs)
    folder = folder_of_sweep(file)
    with only_driver(folder, lambda said: print(said, file=sys.stderr)):
        if local and (jobs := live_jobs(runs)):
            raise SettingsError(
                f"{folder}: Slurm has jobs of this sweep: {' '.join(jobs)}; `scancel {' '.join(jobs)}`, or start "
                "without --local to wait for them"
            )
        return _drive(runs, place, folder)


def _drive(runs: "Sequence[Run]", place: "LocalPlace | SlurmPlace", folder: Path) -> int:
    from rich.console import Console

    from reversed_persona.sweep.driver import complete_before, drive
    from reversed_persona.sweep.progress import Reporter, summary

    before = {run.folder: done for run in runs if (done := complete_before(run))}
    left = [run for run in runs if run.folder not in before]
    ended: dict[Path, Ended] = dict(before)
    signal.signal(signal.SIGTERM, _interrupt)
    with Reporter(len(runs), list(before.values()), place.remarks) as reporter:
        try:
            ended |= {one.run.folder: one for one in drive(left, place, reporter)}
        except KeyboardInterrupt:
            reporter.say(place.farewell())
            place.interrupt()
            return INTERRUPTED
    Console(highlight=False).print(summary([ended[run.folder] for run in runs]))
    failed = sum(not one.state.startswith("complete") for one in ended.values())
    if failed:
        just = "this one" if failed == 1 else "these"
        print(f"{failed} of {len(runs)} runs failed; start again to run just {just}. Logs: {folder}/*/*/log.txt")
    print(f"reversed-persona compare {shlex.quote(str(folder))}")
    return CHECK_FAILED if failed else 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _devices(file: "SweepFile") -> list[str]:
    from reversed_persona.sweep.local import visible_devices

    return [str(device) for device in file.sweep.local.gpus] if file.sweep.local.gpus is not None else visible_devices()


def _local_place(file: "SweepFile", at_once: int | None) -> "LocalPlace":
    from reversed_persona.sweep.local import LocalPlace

    if at_once is not None and at_once < 1:
        raise SettingsError(f"--at-once: got {at_once}; expected a number from 1")
    return LocalPlace(_devices(file), at_once or file.sweep.local.at_once)


def _slurm_place(file: "SweepFile") -> "SlurmPlace":
    from reversed_persona.sweep.cluster import SlurmPlace

    return SlurmPlace(file.sweep.slurm.at_once if file.sweep.slurm else None)
