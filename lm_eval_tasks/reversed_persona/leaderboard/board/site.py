"""A board's folder -> its site: everything is built in a draft beside it, which takes its place when it is whole.

    index.html                          the page
    leaderboard.csv  leaderboard.json   the tables, for people and programs; .json also has the DoC of each judge
    data/                               what the page opens as it is asked for; see `packing`

The same board gives the same bytes, whenever and with however many processes it is built.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reversed_persona import __version__
from reversed_persona.comparison.layout import FORMATS
from reversed_persona.errors import OutputError
from reversed_persona.leaderboard.board.decisions import read_decisions
from reversed_persona.leaderboard.board.doc import doc_lines
from reversed_persona.leaderboard.board.entries import Choice, choose
from reversed_persona.leaderboard.board.flagging import flag_copies
from reversed_persona.leaderboard.board.grading import Source, grade_all
from reversed_persona.leaderboard.board.packing import entry_data, index_data, problems_data, verdicts_data
from reversed_persona.leaderboard.board.page.rendering import board_page
from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.leaderboard.board.reference import RESPONDENTS
from reversed_persona.leaderboard.board.standings import standings
from reversed_persona.leaderboard.board.tables import board_tables
from reversed_persona.leaderboard.board.writing import DATA, write_data
from reversed_persona.leaderboard.submissions.examining import Problems, check_problems
from reversed_persona.leaderboard.suite import Suite, check_board

__all__ = ["Built", "build_site", "check_site"]

PAGE, CSV, JSON = "index.html", "leaderboard.csv", "leaderboard.json"
MADE_BY = "reversed-persona leaderboard build"
_SAYS_SO = f'{{\n "made_by": "{MADE_BY}"'.encode()
_FILE = re.compile(r"index\.html|leaderboard\.(?:csv|json)|data/(?:answers|entry|problems|verdicts)-[a-z0-9_-]+\.js")
Progress = Callable[[Iterable[Entry], int], Iterable[Entry]]


@dataclass(frozen=True)
class Built:
    """What was built.

    Attributes:
        site: Where.
        entries: The rows.
        choice: What became of the submissions.
        page_bytes: Size of the page.
        all_bytes: Size of all files.
    """

    site: Path
    entries: Sequence[Entry]
    choice: Choice
    page_bytes: int
    all_bytes: int


def build_site(
    board: Path,
    suite: Suite,
    problems: Problems,
    site: Path,
    *,
    processes: int = 1,
    seed: int = 0,
    progress: Progress = lambda entries, count: entries,
) -> Built:
    """Build the site of a board.

    Args:
        board: The board's folder.
        suite: The version of the suite that is shown.
        problems: Its problem sets by name.
        site: Where to; an earlier site there is replaced.
        processes: How many grade beside each other.
        seed: Of the bootstrap behind the places.
        progress: Wraps the entries as they are graded, to show how far it is; gets their number too.

    Raises:
        LeaderboardError: There is no board, a submission can't be shown, a decision can't be read, or the problem sets
            are not the suite's.
        OutputError: The site can't be written, or something else lies there.
    """
    check_board(board)
    site = site.resolve()
    check_site(site)
    check_problems(suite, problems)
    choice = choose(board, suite, read_decisions(board))
    with _draft_of(site) as draft:
        sources: list[Source] = [*choice.shown, *RESPONDENTS]
        graded = grade_all(sources, suite, problems, draft / DATA, processes)
        entries = flag_copies(list(progress(graded, len(sources))))
        _write_rest(draft, suite, problems, entries, choice, seed)
        sizes = {path: path.stat().st_size for path in draft.rglob("*") if path.is_file()}
        _swap(draft, site)
    return Built(site, entries, choice, sizes[draft / PAGE], sum(sizes.values()))


def check_site(site: Path) -> None:
    """Refuse a place that holds anything but an earlier site, which says itself that it is one.

    Raises:
        OutputError: It does.
    """
    if not site.exists():
        return
    if not site.is_dir():
        raise OutputError(f"{site}: is no folder; expected an earlier site, or nothing (-o)")
    if odd := next(_not_of_a_site(site), None):
        raise OutputError(
            f"{site}: {odd}; expected an earlier site, an empty folder or nothing, for it would be deleted. "
            "Name another place (-o)"
        )


def _not_of_a_site(site: Path) -> Iterator[str]:
    there = {path.name: path for path in sorted(site.iterdir())}
    data = there.pop(DATA, None)
    if data is not None and not data.is_symlink() and data.is_dir():
        there |= {f"{DATA}/{path.name}": path for path in sorted(data.iterdir())}
    elif data is not None:
        yield f"holds {DATA}, which is no folder of a site"
    for name, path in there.items():
        if not _FILE.fullmatch(name) or path.is_symlink() or not path.is_file():
            yield f"holds {name}, which no site has"
    if (there or data is not None) and not (JSON in there and _says_so(there[JSON])):
        yield f"has no {JSON} of a site"


def _says_so(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SAYS_SO)) == _SAYS_SO


def _write_rest(
    draft: Path, suite: Suite, problems: Problems, entries: Sequence[Entry], choice: Choice, seed: int
) -> None:
    """Write everything but the answers, which are written as they are graded."""
    places = standings(entries, suite.core, seed=seed)
    index = index_data(suite, entries, places, choice.removed, choice.decided, seed=seed)
    for entry in entries:
        write_data(draft / DATA, f"entry-{entry.file}", entry_data(entry, places))
    for task in index["tasks"]:
        write_data(draft / DATA, f"verdicts-{task}", verdicts_data(task, list(suite.hashes(task)), entries))
    for name in sorted({said["problems"] for said in index["tasks"].values()}):
        write_data(draft / DATA, f"problems-{name}", problems_data(problems[name]))
    tables = board_tables(entries, places, suite.core)
    about = {
        "made_by": MADE_BY,
        "suite": suite.version,
        "version": __version__,
        "seed": seed,
        **json.loads(FORMATS["json"](tables)),
        "judged": [
            {"model": entry.model, "kind": entry.kind, "submission": entry.submission, **line}
            for entry in entries
            for line in doc_lines(entry.doc)
        ],
    }
    (draft / CSV).write_text(FORMATS["csv"](tables), encoding="utf-8", newline="\n")
    (draft / JSON).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8", newline="\n")
    (draft / PAGE).write_text(board_page(index), encoding="utf-8", newline="\n")


@contextmanager
def _draft_of(site: Path) -> Iterator[Path]:
    """Make a folder beside the site's place, which is gone at the end; what can't be written in it is the user's."""
    folder = None
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{site.name}.", dir=site.parent))
        draft = folder / "draft"
        (draft / DATA).mkdir(parents=True)
        yield draft
    except OSError as error:
        raise OutputError(f"{site}: cannot be written: {error.strerror}; name another place (-o)") from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _swap(draft: Path, site: Path) -> None:
    """Put the draft in the site's place; what was there goes with the draft's folder."""
    old = draft.parent / "old"
    check_site(site)  # hours may have passed
    if site.exists():
        site.rename(old)
    try:
        draft.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
