"""Pull requests made up: a base branch with a board, and merge commits as GitHub makes them, honest or not.

base = write_base(folder)               a repository with the sample suite's board and one submission
base.merge({path: content})             the merge commit of a pull request that changes these files
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from submission_files import write_board, write_submission

CHECKOUT = Path(__file__).resolve().parents[1]
SCRIPT = ".github/scripts/changed_submissions.py"
LINK, SUBMODULE, EXECUTABLE, PLAIN = "120000", "160000", "100755", "100644"
_WHO = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True)
class Put:
    """A file of a pull request.

    Attributes:
        raw: Its bytes; of a link the target.
        mode: As git writes it.
    """

    raw: bytes
    mode: str = PLAIN


@dataclass(frozen=True)
class Base:
    """A repository whose `main` is the base branch.

    Attributes:
        folder: Its checkout.
        there: The submission on its board, from the repository's root.
    """

    folder: Path
    there: str

    def git(self, *words: str, given: bytes = b"", **environment: str) -> str:
        """Run git in it; return what it says."""
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words],
            input=given,
            capture_output=True,
            env=ENVIRONMENT | _WHO | environment,
            check=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def blob(self, raw: bytes) -> str:
        """Keep bytes; return their name."""
        return self.git("hash-object", "-w", "--stdin", "--no-filters", given=raw)

    def merge(self, changes: Mapping[str | bytes, bytes | Put | None]) -> str:
        """Make the merge commit of a pull request that sets these files, or deletes those that are None."""
        contents = {one if isinstance(one, Put) else Put(one) for one in changes.values() if one is not None}
        kept = {one: "1" * 40 if one.mode == SUBMODULE else self.blob(one.raw) for one in contents}
        lines = [_index_line(path, change, kept) for path, change in changes.items()]
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "index-of-a-pull-request")}
        self.git("read-tree", "main", **index)
        self.git("update-index", "-z", "--index-info", given=b"".join(lines), **index)
        return self.merge_tree(self.git("write-tree", **index))

    def merge_tree(self, tree: str) -> str:
        """Make the merge commit of a pull request that leads to this tree."""
        head = self.git("commit-tree", tree, "-p", "main", "-m", "head")
        merge = self.git("commit-tree", tree, "-p", "main", "-p", head, "-m", "merge")
        self.git("update-ref", "refs/pull/1/merge", merge)
        return merge

    def raw_tree(self, *entries: tuple[str, bytes, str]) -> str:
        """Keep a tree that git itself would not make: modes, names and objects as they are given."""
        raw = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(kept) for mode, name, kept in entries)
        return self.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", given=raw)

    def under(self, path: str, tree: str) -> str:
        """Return the base's tree with another tree at a path."""
        for part in reversed(path.split("/")):
            above = path[: -len(part) - 1] if path.count("/") else ""
            listed = self.git("ls-tree", "-z", f"main:{above}").split("\0") if self._has(above) else []
            others = [(line.split()[0], line.split("\t")[1].encode(), line.split()[2]) for line in listed if line]
            kept = [(mode.lstrip("0"), name, one) for mode, name, one in others if name != part.encode()]
            tree = self.raw_tree(*sorted([*kept, ("40000", part.encode(), tree)], key=lambda entry: entry[1]))
            path = above
        return tree

    def _has(self, path: str) -> bool:
        return bool(self.git("ls-tree", "-d", "main", path)) if path else True


def _index_line(path: str | bytes, change: bytes | Put | None, kept: Mapping[Put, str]) -> bytes:
    name = path if isinstance(path, bytes) else path.encode()
    if change is None:
        return b"0 " + b"0" * 40 + b"\t" + name + b"\0"
    put = change if isinstance(change, Put) else Put(change)
    return f"{put.mode} {kept[put]}\t".encode() + name + b"\0"


def write_base(folder: Path) -> Base:
    """Make a repository with a board on which one submission lies, and with the script that the workflow runs."""
    folder.mkdir()
    there = write_submission(write_board(folder / "leaderboards"), model="org/there", seed=9)
    (folder / SCRIPT).parent.mkdir(parents=True)
    shutil.copy(CHECKOUT / SCRIPT, folder / SCRIPT)
    (folder / "README.md").write_text("A board.\n")
    base = Base(folder, there.relative_to(folder).as_posix())
    base.git("init", "--quiet", "--initial-branch=main")
    base.git("add", "--all")
    base.git("commit", "--quiet", "--message=base")
    return base


def files_of(folder: Path, root: Path) -> dict[str | bytes, bytes | Put | None]:
    """Return a folder's files as a pull request that adds them below leaderboards/.

    Args:
        folder: The submission's.
        root: The board that it lies on.
    """
    return {
        f"leaderboards/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
