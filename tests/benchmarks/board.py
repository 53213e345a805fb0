"""Time, memory and sizes of `leaderboard build` over made-up submissions of the whole core, in one run.

    python tests/benchmarks/board.py FOLDER [SUBMISSIONS] [BOARD]

FOLDER holds the problem sets, as `prefetch` writes them. Each of the SUBMISSIONS (200) answers all of GSM8K and
MATH-500 without a persona, as high and as low: 5,457 responses of the simulated student's kind. BOARD keeps them, so
that a second call need not write them again. Then the page is opened in headless Chromium, where that is installed, is
sorted and filtered, and draws its matrix of GSM8K; see opening.py. Exits with 1 where a bar is missed: 200 submissions
in 180 s on two cores, a page of 2 MB, compressed, and 1 s from its address to a sort and a filter that were answered;
all times by the clock or by the CPU time used.
"""

import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from opening import open_board

from reversed_persona.leaderboard.manifest import load_problem_sets
from reversed_persona.leaderboard.suite import read_suite, shipped_reference
from submission_files import write_board, write_submission

SUBMISSIONS, CORES = 200, 2
AT_MOST_S, AT_MOST_MB = 180.0, 2.0


def write_submissions(board: Path, problems_dir: str, count: int) -> None:
    """Fill a board; models differ in ability, in how well they play, in size and in how often they fall silent."""
    suite = read_suite(shipped_reference().parent)
    problems = load_problem_sets(list(suite.problem_sets), problems_dir)
    write_board(board, suite)
    for place in range(count):
        draw = random.Random(place)
        ability, plays, silence = draw.uniform(0.3, 0.95), draw.uniform(0, 0.9), draw.uniform(0, 0.05)
        write_submission(
            board,
            level=1,
            model=f"org-{place % 17}/model-{place}",
            suite=suite,
            problems=problems,
            seed=place,
            parameters=round(10 ** draw.uniform(8, 12)),
            open_weights=draw.random() < 0.7,
            none=ability,
            high=ability,
            low=ability * (1 - plays),
            unanswered=silence,
            flip=draw.uniform(0, 0.3),
        )


def main() -> int:
    problems_dir, count = sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else SUBMISSIONS
    with tempfile.TemporaryDirectory() as name:
        board = Path(sys.argv[3]) if sys.argv[3:] else Path(name) / "board"
        if not board.exists():
            write_submissions(board, problems_dir, count)
        command = [sys.executable, "-m", "reversed_persona.cli", "leaderboard", "build", "--board", board]
        start = time.perf_counter()
        with subprocess.Popen([*command, "--problems_dir", problems_dir, "--processes", str(CORES)]) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall, cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime  # its children's too, once they ended
        if process.returncode:
            return process.returncode
        page = len(gzip.compress((board / "site" / "index.html").read_bytes(), 6)) / 1e6
        all_of_it = sum(path.stat().st_size for path in (board / "site").rglob("*") if path.is_file()) / 1e6
        cells = {
            "submissions": str(count),
            "seconds": f"{wall:.0f}",
            "CPU seconds / 2": f"{cpu / CORES:.0f}",
            "memory of a process, MB": f"{used.ru_maxrss / 1024:.0f}",
            "page, compressed, MB": f"{page:.2f}",
            "site, MB": f"{all_of_it:.0f}",
        }
        opened = open_board(board / "site" / "index.html")
        if opened:
            cells |= {f"{one}, s": f"{seconds:.3f}" for one, seconds in vars(opened).items()}
        for line in (cells.keys(), ["---"] * len(cells), cells.values()):
            print(f"| {' | '.join(line)} |")
        missed = count == SUBMISSIONS and (min(wall, cpu / CORES) > AT_MOST_S or page > AT_MOST_MB)
        missed = missed or (count == SUBMISSIONS and opened is not None and not opened.held)
        return int(missed)


if __name__ == "__main__":
    sys.exit(main())
