"""A pull request's submissions -> a board for the validator; nothing of the pull request is run or checked out.

    python .github/scripts/changed_submissions.py MERGE SCRATCH

MERGE is the pull request's merge commit, fetched two deep into the base checkout that this runs in. A checkout of it
would obey its .gitattributes, make its links and ask for its submodules, so its trees are only listed, and its files
are copied byte by byte as git keeps them. SCRATCH becomes

    leaderboards/   that of the base checkout, with the changed submissions in place of its own
    changed         the changed submissions' folders, one a line

Refused here is what can't be copied as a plain file; everything else about a submission is the validator's to say.
Exits with 1 where something is refused.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from reversed_persona.leaderboard.submissions.files import MAX_SAMPLES_BYTES
from reversed_persona.leaderboard.submissions.findings import Finding, github_line, shown

SUBMISSIONS = b"leaderboards/submissions/"
DEPTH = 5
"""Parts of a submission's folder: leaderboards/submissions/SUITE/ORG__MODEL/DATE_HASH."""
MOST_LISTED = 64 << 20
"""Bytes of a tree's listing, half a million files: a tree can name itself ten times on each of ten levels."""
MOST_SUBMISSIONS = 20
"""Submissions of one pull request: each may take minutes to grade."""
MOST_FILES = 40
MOST_SHOWN = 20
"""Findings shown of one kind; GitHub shows ten beside the files."""
LONGEST = 400

PLAIN = "100644"
_MODES = {
    "120000": ("is a link; expected the file itself", "Put the file there"),
    "160000": ("is a submodule; expected files", "Take it out"),
    "100755": ("is executable; expected a plain file", "git update-index --chmod=-x FILE takes the mark off"),
}
_PART = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._+-]*")
_LFS = b"version https://git-lfs"


class Entry(NamedTuple):
    """A file of a tree: its mode, the name of its blob, and its size in bytes; None for a submodule."""

    mode: str
    blob: str
    size: int | None


class Unreadable(Exception):
    """git can't read the commit, or it is no merge, or larger than it can honestly be."""


class Changes(NamedTuple):
    """What a pull request changes.

    Attributes:
        folders: The submissions' folders that are new or changed.
        deleted: Those that are gone.
        stray: Files beside submissions, where none belongs.
        others: All other files.
    """

    folders: list[bytes]
    deleted: list[bytes]
    stray: list[bytes]
    others: list[bytes]


def list_tree(commit: str) -> tuple[dict[bytes, Entry], set[bytes]]:
    """List a commit's files, and those names that stand there twice.

    Raises:
        Unreadable: git can't read it, or it is too large.
    """
    with subprocess.Popen(["git", "ls-tree", "-rlz", "--full-tree", commit], stdout=subprocess.PIPE) as git:
        assert git.stdout is not None
        raw = git.stdout.read(MOST_LISTED + 1)
        if len(raw) > MOST_LISTED:
            git.kill()
            raise Unreadable(f"{commit}: holds too many files to list; expected a board")
    if git.returncode:
        raise Unreadable(f"{commit}: git can't list its files; expected a commit that is whole")
    entries: dict[bytes, Entry] = {}
    twice = set()
    for line in raw.split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _, blob, size = head.decode("ascii").split()
        if path in entries:
            twice.add(path)
        entries[path] = Entry(mode, blob, None if size == "-" else int(size))
    return entries, twice


def parents_of(merge: str) -> list[str]:
    """Return a commit's parents.

    Raises:
        Unreadable: There is no such commit.
    """
    command = ["git", "rev-list", "--parents", "--max-count=1", "--end-of-options", merge]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unreadable(f"{merge}: is no commit here; expected the pull request's merge commit to be fetched")
    return done.stdout.split()[1:]


def sort_changes(base: Mapping[bytes, Entry], merge: Mapping[bytes, Entry]) -> Changes:
    """Sort what differs between two trees by where it lies."""
    folders, stray, others = set(), [], []
    for path in sorted(path for path in base.keys() | merge.keys() if base.get(path) != merge.get(path)):
        parts = path.split(b"/")
        if path.startswith(SUBMISSIONS) and len(parts) > DEPTH:
            folders.add(b"/".join(parts[:DEPTH]))
        elif path in merge and _is_near(path):
            stray.append(path)
        else:
            others.append(path)
    there = {b"/".join(path.split(b"/")[:DEPTH]) for path in merge if path.startswith(SUBMISSIONS)}
    return Changes(sorted(folders & there), sorted(folders - there), stray, others)


def _is_near(path: bytes) -> bool:
    """Whether a path is among the submissions, in whatever case, or is a file in place of their folder."""
    folder = path.lower() + b"/"
    return folder.startswith(SUBMISSIONS) or SUBMISSIONS.startswith(folder)


def clashes(paths: Iterable[bytes]) -> set[bytes]:
    """Return, in lower case, the files and folders that are spelt in two ways, or are both a file and a folder."""
    spelt: dict[bytes, bytes] = {}
    found = set()
    for path in paths:
        for prefix in _prefixes(path):
            key = prefix.rstrip(b"/").lower()
            if spelt.setdefault(key, prefix) != prefix:
                found.add(key)
    return found


def _prefixes(path: bytes) -> list[bytes]:
    """Return a path and the folders above it, with "/" behind a folder."""
    ends = [number + 1 for number, one in enumerate(path) if one == ord("/")] if len(path) <= LONGEST else []
    return [path[:end] for end in ends] + [path]


def check_folder(
    folder: bytes, entries: Mapping[bytes, Entry], twice: Collection[bytes], clashing: Collection[bytes]
) -> list[Finding]:
    """Return what keeps a submission's files from being copied.

    Args:
        folder: The submission's.
        entries: Its files by path.
        twice: Names that stand in the tree twice.
        clashing: See `clashes`.
    """
    if len(entries) > MOST_FILES:
        said = f"holds {len(entries)} files; expected at most {MOST_FILES}"
        return [_refused(folder, said, "Leave what `submission prepare` made, and nothing else")]
    findings = []
    for path, entry in sorted(entries.items()):
        if len(path) > LONGEST or not all(map(_PART.fullmatch, path.split(b"/"))):
            said = "has an odd name; expected ASCII letters, digits, and '.', '_', '-' behind the first"
            findings.append(_refused(path, said, "Take it out"))
        elif path in twice or any(prefix.rstrip(b"/").lower() in clashing for prefix in _prefixes(path)):
            said = "is there in two spellings that many file systems take for one; expected one"
            findings.append(_refused(path, said, "Spell folders and files as the board does"))
        elif entry.mode != PLAIN:
            other = (f"has mode {entry.mode}; expected {PLAIN}", "Take it out")
            findings.append(_refused(path, *_MODES.get(entry.mode, other)))
        elif entry.size is None or entry.size > MAX_SAMPLES_BYTES:
            said = f"is larger than {MAX_SAMPLES_BYTES >> 20} MB; expected at most that"
            findings.append(_refused(path, said, "Leave an optional task out; a core task has to fit"))
    return findings


def write_folder(folder: bytes, entries: Mapping[bytes, Entry], scratch: Path) -> list[Finding]:
    """Put a submission that `check_folder` found no fault with in the place of the board's; return what is odd."""
    shutil.rmtree(scratch / folder.decode("ascii"), ignore_errors=True)
    findings = []
    for path, entry in sorted(entries.items()):
        raw = subprocess.run(["git", "cat-file", "blob", entry.blob], capture_output=True, check=True).stdout
        if raw.startswith(_LFS):
            said = "is a pointer of Git LFS; expected the file itself"
            findings.append(_refused(path, said, "Commit it without LFS: it is small"))
        place = scratch / path.decode("ascii")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return findings


def take_out(merge: str, scratch: Path) -> list[Finding]:
    """Write the board of a pull request; see the module.

    Returns:
        What is refused, and what a maintainer should look at.

    Raises:
        Unreadable: The commit is no merge, can't be read, or is too large.
        OSError: The scratch folder is there already, or can't be written.
    """
    parents = parents_of(merge)
    if len(parents) != 2:
        raise Unreadable(f"{merge}: has {len(parents)} parents; expected 2, the base and the pull request")
    (base, _), (tree, twice) = list_tree(parents[0]), list_tree(merge)
    changes = sort_changes(base, tree)
    shutil.copytree("leaderboards", scratch / "leaderboards", symlinks=True)
    findings = [*_about_others(changes)]
    for folder in changes.deleted:
        if all(map(_PART.fullmatch, folder.split(b"/"))):
            shutil.rmtree(scratch / folder.decode("ascii"), ignore_errors=True)
    taken = []
    if len(changes.folders) > MOST_SUBMISSIONS:
        said = f"{len(changes.folders)} submissions are new or changed; expected at most {MOST_SUBMISSIONS}"
        findings.append(_refused(SUBMISSIONS, said, "Open a pull request for each model"))
    else:
        taken = _write_all(changes.folders, tree, twice, scratch, findings)
    (scratch / "changed").write_text("".join(f"{folder}\n" for folder in taken), encoding="ascii")
    return findings


def _write_all(
    folders: Sequence[bytes], tree: Mapping[bytes, Entry], twice: set[bytes], scratch: Path, findings: list[Finding]
) -> list[str]:
    of_folder: dict[bytes, dict[bytes, Entry]] = defaultdict(dict)
    for path, entry in tree.items():
        of_folder[b"/".join(path.split(b"/")[:DEPTH])][path] = entry
    clashing = clashes(path for path in tree if _is_near(path))
    taken = []
    for folder in folders:
        wrong = check_folder(folder, of_folder[folder], twice, clashing)
        wrong = wrong or write_folder(folder, of_folder[folder], scratch)
        findings += _shortened(wrong)
        if not wrong:
            taken.append(folder.decode("ascii"))
    return taken


def _about_others(changes: Changes) -> Iterable[Finding]:
    stray = "is no part of a submission; expected files in leaderboards/submissions/SUITE/ORG__MODEL/DATE_HASH/"
    yield from _shortened([_refused(path, stray, "Take it out") for path in changes.stray])
    yield from _shortened([_flagged(path, "takes a submission off the board") for path in changes.deleted])
    yield from _shortened([_flagged(path, "is changed, and is no part of a submission") for path in changes.others])


def _shortened(findings: Sequence[Finding]) -> list[Finding]:
    rest = len(findings) - MOST_SHOWN
    if rest <= 0:
        return list(findings)
    first = findings[0]
    more = Finding("leaderboards", None, f"{rest} more like these; expected none", first.mending, first.kind)
    return [*findings[:MOST_SHOWN], more]


def _refused(path: bytes, said: str, mending: str) -> Finding:
    return Finding(_named(path), None, said, mending)


def _flagged(path: bytes, said: str) -> Finding:
    mending = "A maintainer has to look at it; a submission is a new folder and nothing else"
    return Finding(_named(path), None, f"{said}; expected submissions alone", mending, "flagged")


def _named(path: bytes) -> str:
    return shown(path.decode("utf-8", "backslashreplace"), LONGEST)[1:-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(description="A pull request's submissions -> a board for the validator.")
    parser.add_argument("merge", metavar="MERGE", help="the pull request's merge commit")
    parser.add_argument("scratch", metavar="SCRATCH", type=Path, help="a new folder")
    options = parser.parse_args(arguments)
    try:
        findings = take_out(options.merge, options.scratch)
    except (Unreadable, OSError, subprocess.CalledProcessError) as error:
        print(f"changed_submissions: error: {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(github_line(finding))
    folders = (options.scratch / "changed").read_text(encoding="ascii").splitlines()
    print(f"To validate: {', '.join(folders) or 'nothing'}")
    return 1 if any(finding.kind == "refused" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
