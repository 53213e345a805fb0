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
    most = [resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"megabytes": most}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
