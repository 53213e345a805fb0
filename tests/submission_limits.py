"""Validate submissions, each in a process of its own that may take 10 seconds of CPU and 1 GB: `BOARD FOLDER...`.

Prints a line of JSON for each: CPU seconds of the process and of those it started, megabytes, exit code.
"""

import json
import os
import resource
import sys
from pathlib import Path

from reversed_persona.leaderboard.submissions.findings import text_line
from reversed_persona.leaderboard.submissions.validating import validate
from submission_files import sample_problems, sample_suite

SECONDS, BYTES = 10, 1 << 30
REFUSED, FLAGGED, CLEAN = 11, 12, 13


def main(board: Path, folders: list[Path]) -> None:
    sample_suite(), sample_problems()
    for folder in folders:
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            try:
                kinds = {one.kind for one in found(board, folder)}
            except BaseException:  # whatever it is, the validator crashed
                os._exit(1)
            os._exit(REFUSED if "refused" in kinds else FLAGGED if kinds else CLEAN)
        _, status, used = os.wait4(child, 0)
        seconds = round(used.ru_utime + used.ru_stime, 2)
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"seconds": seconds, "megabytes": used.ru_maxrss >> 10, "code": code}), flush=True)


def found(board: Path, folder: Path):
    findings = validate(folder, board, sample_suite(), sample_problems(), [])
    for finding in findings:
        text_line(finding).encode()
    return findings


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
