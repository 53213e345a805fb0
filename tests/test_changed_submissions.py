"""What a pull request changes is copied byte by byte, and nothing of it is followed, filtered or run.

The workflow's own steps run in the last class, on a clone of a real repository with a real merge commit.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from pull_requests import (
    CHECKOUT,
    ENVIRONMENT,
    EXECUTABLE,
    LINK,
    PLAIN,
    SCRIPT,
    SUBMODULE,
    Base,
    Put,
    files_of,
    write_base,
)
from submission_files import parts_of, write_board, write_parts, write_submission

WORKFLOW = CHECKOUT / ".github/workflows/validate-submissions.yml"
PLACE = "leaderboards/submissions/sample/org__new/2026-11-26_01234567"

Files = dict[str | bytes, bytes | Put | None]


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("changed_submissions", CHECKOUT / SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = loaded()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return write_base(tmp_path_factory.mktemp("origin") / "repository")


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of a valid submission."""
    board = write_board(tmp_path_factory.mktemp("new") / "board")
    return files_of(write_submission(board, model="org/new"), board)


@pytest.fixture
def scratch(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(base.folder)
    return tmp_path / "pull"


def changed(scratch: Path) -> list[str]:
    return (scratch / "changed").read_text().splitlines()


def folder_of(files: Files) -> str:
    (found,) = (str(path) for path in files if str(path).endswith("/submission.yaml"))
    return found.rpartition("/")[0]


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestWhatIsTaken:
    def test_new_submission_lies_on_the_board_beside_the_others(self, base: Base, new: Files, scratch: Path) -> None:
        assert script.take_out(base.merge(new), scratch) == []
        assert changed(scratch) == [folder_of(new)]
        assert (scratch / base.there / "submission.yaml").is_file()
        assert (scratch / "leaderboards/reference/sample/manifest.json").is_file()
        for path, raw in new.items():
            assert (scratch / str(path)).read_bytes() == raw

    def test_changed_submission_is_written_whole(self, base: Base, scratch: Path) -> None:
        merge = base.merge({f"{base.there}/submission.yaml": b"edited\n", f"{base.there}/results.json": None})
        assert script.take_out(merge, scratch) == []
        assert changed(scratch) == [base.there]
        assert {*files_in(scratch / base.there)} == {"submission.yaml", "samples/sample_reversed_persona.jsonl.gz"}

    def test_deleted_submission_is_flagged_and_off_the_board(self, base: Base, scratch: Path) -> None:
        gone: Files = {f"{base.there}/{name}": None for name in files_in(base.folder / base.there)}
        (found,) = script.take_out(base.merge(gone), scratch)
        assert (found.kind, found.path) == ("flagged", base.there) and "takes a submission off" in found.said
        assert changed(scratch) == [] and not (scratch / base.there).exists()

    def test_renamed_submission_is_one_that_goes_and_one_that_comes(self, base: Base, scratch: Path) -> None:
        files = files_in(base.folder / base.there)
        moved = base.there.replace("org__there", "org__elsewhere")
        merge = base.merge({f"{base.there}/{n}": None for n in files} | {f"{moved}/{n}": r for n, r in files.items()})
        assert [one.path for one in script.take_out(merge, scratch)] == [base.there]
        assert changed(scratch) == [moved] and not (scratch / base.there).exists()

    def test_other_files_are_flagged_and_not_taken(self, base: Base, scratch: Path) -> None:
        others: Files = {
            "leaderboards/decisions.jsonl": b"{}\n",
            "leaderboards/reference/sample/manifest.json": b"{}",
            ".github/workflows/validate-submissions.yml": b"on: push\n",
            "README.md": None,
            b"odd \xff\n::error::name": b"",
        }
        found = script.take_out(base.merge(others), scratch)
        assert [one.kind for one in found] == ["flagged"] * 5
        assert all("\n" not in one.path and one.path.isascii() for one in found)
        assert (scratch / "leaderboards/decisions.jsonl").read_text() == ""
        assert (scratch / "leaderboards/reference/sample/manifest.json").stat().st_size > 2
        assert {path.name for path in scratch.iterdir()} == {"leaderboards", "changed"}

    def test_changes_of_the_base_branch_since_are_not_the_pull_requests(self, base: Base, scratch: Path) -> None:
        head = base.git("commit-tree", "main^{tree}", "-m", "an older base")
        merge = base.git("commit-tree", "main^{tree}", "-p", "main", "-p", head, "-m", "merge")
        assert script.take_out(merge, scratch) == [] and changed(scratch) == []


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("put", "says"),
        [
            (Put(b"/etc/passwd", LINK), "is a link"),
            (Put(b"../../../../../README.md", LINK), "is a link"),
            (Put(b"", SUBMODULE), "is a submodule"),
            (Put(b"{}", EXECUTABLE), "is executable"),
            (Put(bytes((3 << 20) + 1)), "is larger than 3 MB"),
            (Put(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), "is a pointer of Git LFS"),
        ],
        ids=["link", "link upwards", "submodule", "executable", "large", "LFS pointer"],
    )
    def test_what_is_no_plain_file_is_refused_with_its_submission(
        self, base: Base, scratch: Path, put: Put, says: str
    ) -> None:
        merge = base.merge({f"{PLACE}/results.json": put, f"{PLACE}/submission.yaml": b"a: b\n"})
        (found,) = script.take_out(merge, scratch)
        assert found.kind == "refused" and says in found.said and found.path == f"{PLACE}/results.json"
        assert changed(scratch) == []
        assert not any(path.is_symlink() for path in scratch.rglob("*"))

    @pytest.mark.parametrize("place", [PLACE, PLACE.rpartition("/")[0], "leaderboards/submissions", "leaderboards"])
    @pytest.mark.parametrize("mode", [LINK, SUBMODULE])
    def test_folder_that_is_none_is_refused(self, base: Base, scratch: Path, place: str, mode: str) -> None:
        found = script.take_out(base.merge({place: Put(b"/etc", mode)}), scratch)
        assert [one.path for one in found if one.kind == "refused"] == [place]
        assert changed(scratch) == []

    @pytest.mark.parametrize(
        "name",
        [b"a b", b"-rf", b".gitattributes", b"a\nb", b"a\\b", b"a:b", b"a%0Ab", b"\xff\xfe", "ü".encode(), b"n" * 400],
    )
    def test_odd_name_is_refused_and_shown_on_one_line(self, base: Base, scratch: Path, name: bytes) -> None:
        (found,) = script.take_out(base.merge({PLACE.encode() + b"/" + name: b""}), scratch)
        assert found.kind == "refused" and "has an odd name" in found.said
        line = script.github_line(found)
        assert line.isprintable() and line.startswith("::error file=leaderboards/submissions/")
        assert changed(scratch) == []

    @pytest.mark.parametrize("names", [[b".."], [b"..", b".."], [b".git"], [b"."], [b"..", b"..", b"hooks"]])
    def test_tree_that_climbs_out_is_refused(self, base: Base, scratch: Path, names: list[bytes]) -> None:
        kept = base.blob(b"out")
        tree = base.raw_tree((PLAIN, b"escaped", kept))
        for name in reversed(names):
            tree = base.raw_tree(("40000", name, tree))
        found = script.take_out(base.merge_tree(base.under(PLACE, tree)), scratch)
        assert [one.kind for one in found] == ["refused"]
        assert changed(scratch) == [] and not list(scratch.parent.rglob("escaped"))

    def test_name_with_a_slash_in_it_climbs_nowhere(self, base: Base, scratch: Path) -> None:
        tree = base.raw_tree((PLAIN, b"../../../../../../escaped", base.blob(b"out")))
        (found,) = script.take_out(base.merge_tree(base.under(PLACE, tree)), scratch)
        assert "has an odd name" in found.said and not list(scratch.parent.rglob("escaped"))

    def test_tree_that_git_itself_cannot_read_is_an_error(
        self, base: Base, scratch: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        tree = base.raw_tree(("40000", b"", base.raw_tree((PLAIN, b"a", base.blob(b"")))))
        assert script.main([base.merge_tree(base.under(PLACE, tree)), str(scratch)]) == 2
        assert "git can't list its files" in capfd.readouterr().err and not scratch.exists()

    def test_name_that_stands_twice_is_refused(self, base: Base, scratch: Path) -> None:
        one, other = base.blob(b"one"), base.blob(b"other")
        tree = base.raw_tree((PLAIN, b"results.json", one), (PLAIN, b"results.json", other))
        (found,) = script.take_out(base.merge_tree(base.under(PLACE, tree)), scratch)
        assert "two spellings" in found.said and changed(scratch) == []

    def test_file_that_is_a_folder_as_well_is_refused(self, base: Base, scratch: Path) -> None:
        kept = base.blob(b"")
        tree = base.raw_tree((PLAIN, b"samples", kept), ("40000", b"samples", base.raw_tree((PLAIN, b"a", kept))))
        found = script.take_out(base.merge_tree(base.under(PLACE, tree)), scratch)
        assert len(found) == 2 and {"two spellings" in one.said for one in found} == {True}

    @pytest.mark.parametrize(
        "pair",
        [
            (f"{PLACE}/results.json", f"{PLACE}/RESULTS.json"),
            (f"{PLACE}/a", f"{PLACE.replace('org__new', 'ORG__new')}/a"),
        ],
    )
    def test_spellings_that_differ_in_case_are_refused(self, base: Base, scratch: Path, pair: tuple[str, str]) -> None:
        found = script.take_out(base.merge(dict.fromkeys(pair, b"")), scratch)
        assert {one.path for one in found} == {*pair} and changed(scratch) == []

    def test_spelling_other_than_the_boards_is_refused(self, base: Base, scratch: Path) -> None:
        other = base.there.replace("org__there", "Org__There").replace("2026-", "2027-")
        (found,) = script.take_out(base.merge({f"{other}/a": b""}), scratch)
        assert "two spellings" in found.said and "as the board does" in found.mending

    @pytest.mark.parametrize(
        "path",
        [
            "leaderboards/submissions/.gitattributes",
            "leaderboards/submissions/sample/org__new/README.md",
            "Leaderboards/Submissions/sample/org__new/2026-11-26_01234567/results.json",
        ],
    )
    def test_file_beside_the_submissions_is_refused(self, base: Base, scratch: Path, path: str) -> None:
        (found,) = script.take_out(base.merge({path: b""}), scratch)
        assert found.kind == "refused" and found.path == path and "no part of a submission" in found.said

    def test_thousands_of_files_are_one_finding(self, base: Base, scratch: Path) -> None:
        (found,) = script.take_out(base.merge({f"{PLACE}/f{number}": b"" for number in range(5_000)}), scratch)
        assert "holds 5000 files; expected at most 40" in found.said and changed(scratch) == []

    def test_thousands_of_other_files_are_a_few_lines(self, base: Base, scratch: Path) -> None:
        found = script.take_out(base.merge({f"f{number}": b"" for number in range(3_000)}), scratch)
        assert len(found) == 21 and "2980 more like these" in found[-1].said

    def test_too_many_submissions_are_refused_together(self, base: Base, scratch: Path) -> None:
        files: Files = {f"{PLACE}{number}/results.json": b"" for number in range(21)}
        (found,) = script.take_out(base.merge(files), scratch)
        assert "21 submissions" in found.said and changed(scratch) == []

    def test_tree_that_names_itself_a_billion_times_is_an_error(
        self, base: Base, scratch: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(script, "MOST_LISTED", 1 << 20)
        tree = base.raw_tree((PLAIN, b"a", base.blob(b"")))
        for _ in range(9):
            tree = base.raw_tree(*(("40000", b"f%d" % number, tree) for number in range(10)))
        assert script.main([base.merge_tree(base.under(PLACE, tree)), str(scratch)]) == 2
        assert "holds too many files to list" in capsys.readouterr().err

    @pytest.mark.parametrize("commit", ["main", "main^{tree}", "nothing", "--all", ""])
    def test_what_is_no_merge_commit_is_an_error(
        self, base: Base, scratch: Path, commit: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert script.main(["--", commit, str(scratch)]) == 2
        said = capsys.readouterr().err
        assert said.startswith("changed_submissions: error: ") and said.count("\n") == 1
        assert not scratch.exists()


def test_no_attribute_filter_or_hook_touches_a_byte(base: Base, scratch: Path, tmp_path: Path) -> None:
    marker = tmp_path / "run"
    for name in ("filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command"):
        base.git("config", name, f"touch {marker}; cat")
    attributes = b"* text eol=crlf ident export-subst filter=evil diff=evil working-tree-encoding=UTF-16\n"
    raw = b"$Format:%H$ $Id$\nplain\r\n\n"
    files: Files = {".gitattributes": attributes, "leaderboards/.gitattributes": attributes}
    found = script.take_out(base.merge({**files, f"{PLACE}/results.json": raw}), scratch)
    assert [one.kind for one in found] == ["flagged", "flagged"]
    assert (scratch / PLACE / "results.json").read_bytes() == raw and not marker.exists()


class TestWorkflow:
    """The steps of the workflow that touch a pull request, as its file has them."""

    @staticmethod
    def run(base: Base, merge: str, folder: Path) -> subprocess.CompletedProcess[str]:
        checkout = folder / "checkout"
        clone = ["git", "clone", "--quiet", "--depth=1", f"file://{base.folder}", str(checkout)]
        subprocess.run(clone, env=ENVIRONMENT, check=True)
        environment = ENVIRONMENT | {
            "GITHUB_SHA": merge,
            "RUNNER_TEMP": str(folder),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        fetch, validate = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["validate"]["steps"][-2:]
        of_sample = validate["run"].replace("submission validate", "submission validate --suite sample")
        assert of_sample != validate["run"]
        for script, given in ((fetch["run"], {}), (of_sample, validate["env"])):
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                cwd=checkout,
                env=environment | given,
                capture_output=True,
                text=True,
                check=False,
            )
        return done

    def test_valid_submission_passes(self, base: Base, new: Files, tmp_path: Path) -> None:
        done = self.run(base, base.merge(new), tmp_path)
        assert (done.returncode, done.stdout) == (0, f"To validate: {folder_of(new)}\n"), done.stderr

    def test_edited_submission_fails_beside_the_file(self, base: Base, tmp_path: Path) -> None:
        path = f"{base.there}/submission.yaml"
        edited = (base.folder / path).read_bytes().replace(b"7000000000", b"8000000000")
        done = self.run(base, base.merge({path: edited}), tmp_path)
        assert done.returncode != 0
        assert f"::error file={base.there}::lies in" in done.stdout

    def test_what_is_refused_hides_no_finding_about_another(self, base: Base, new: Files, tmp_path: Path) -> None:
        link: Files = {f"{PLACE}/results.json": Put(b"/etc/passwd", LINK)}
        results = f"{folder_of(new)}/results.json"
        done = self.run(base, base.merge({**link, **new, results: b"{}"}), tmp_path)
        assert done.returncode == 1
        assert f"::error file={PLACE}/results.json::is a link" in done.stdout
        assert f"::error file={results}::sha256" in done.stdout

    def test_responses_of_the_boards_submission_are_flagged(self, base: Base, tmp_path: Path) -> None:
        parts = parts_of(base.folder / base.there)
        parts.record["model"]["id"] = parts.results["model_name"] = "org/copy"
        board = write_board(tmp_path / "board")
        done = self.run(base, base.merge(files_of(write_parts(board, parts), board)), tmp_path)
        assert done.returncode == 0
        assert "::warning file=" in done.stdout and "are those of 'org/there'" in done.stdout

    def test_pull_request_without_submissions_passes_with_a_warning(self, base: Base, tmp_path: Path) -> None:
        done = self.run(base, base.merge({"README.md": b"x\n"}), tmp_path)
        assert done.returncode == 0 and done.stdout.startswith("::warning file=README.md::")
        assert done.stdout.endswith("To validate: nothing\n")
