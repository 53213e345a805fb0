"""Validate submissions in a process of its own, and say what each took: `BOARD FOLDER...`.

Prints a line of JSON for each: seconds, what came of it; and then one with the most megabytes that this process and the
one that compares expressions ever held.
"""

import json
import resource
import sys
import time
from pathlib import Path

from reversed_persona.answers import start_comparing
from reversed_persona.answers.equality import symbolic
from reversed_persona.leaderboard.submissions.findings import text_line
from reversed_persona.leaderboard.submissions.validating import validate
from submission_files import sample_problems, sample_suite

SECONDS, MEGABYTES = 10, 1024


def main(board: Path, folders: list[Path]) -> None:
    start_comparing()  # it loads for seconds, once
    for folder in folders:
        started = time.perf_counter()
        found = validate(folder, board, sample_suite(), sample_problems(), [])
        seconds = round(time.perf_counter() - started, 2)
        kinds = {one.kind for one in found}
        came = "refused" if "refused" in kinds else "flagged" if kinds else "clean"
        print(json.dumps({"seconds": seconds, "came": came, "said": [text_line(one) for one in found[:1]]}), flush=True)
    symbolic._worker.close()  # so that what it took is counted
    print(json.dumps({"megabytes": [most_of_this_process(), most_of_its_children()]}))


def most_of_this_process() -> int:
    """In MB; `ru_maxrss` would count what the process held that started this one."""
    (held,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(held.split()[1]) >> 10


def most_of_its_children() -> int:
    """In MB, the largest of those that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
