"""What lm-eval left in its output folders -> typed records, one for each task that a model was asked.

files       which results file and sample logs belong together
records     TaskRun: what is known of a run, and what became of every question, as arrays
collecting  verdicts -> an arm's scores
reading     files -> TaskRun; a damaged file is reported and left out, the others are read
"""

from reversed_persona.runs.collecting import ArmCollector
from reversed_persona.runs.files import RunFiles, find_run_files
from reversed_persona.runs.reading import Runs, read_runs
from reversed_persona.runs.records import ArmScores, LeftOut, Reported, TaskRun

__all__ = [
    "ArmCollector",
    "ArmScores",
    "LeftOut",
    "Reported",
    "RunFiles",
    "Runs",
    "TaskRun",
    "find_run_files",
    "read_runs",
]
