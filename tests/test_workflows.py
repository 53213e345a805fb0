"""Workflows may do no more than they say: who can start them, what the token can do, what reaches a shell."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[1] / ".github/workflows"
FILES = sorted(FOLDER.glob("*.y*ml"))
PULL_REQUEST, PAGE = FOLDER / "validate-submissions.yml", FOLDER / "leaderboard-page.yml"
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)  # YAML 1.1 reads the bare word so
    assert isinstance(workflow, dict)
    return workflow


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def test_both_workflows_are_there() -> None:
    assert {PULL_REQUEST, PAGE} <= {*FILES}


class TestEvery:
    @each
    def test_workflow_says_what_its_token_may_do(self, path: Path) -> None:
        workflow = read(path)
        assert workflow["permissions"] in ({}, {"contents": "read"})
        assert all(job.get("permissions") != "write-all" for job in workflow["jobs"].values())

    @each
    def test_workflow_is_never_started_with_a_strangers_commit_and_a_strong_token(self, path: Path) -> None:
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & {*read(path)["on"]}

    @each
    def test_job_has_an_end(self, path: Path) -> None:
        assert all(job["timeout-minutes"] <= 30 for job in read(path)["jobs"].values())

    @each
    def test_action_is_pinned_to_a_commit_and_says_its_version(self, path: Path) -> None:
        used = re.findall(r"uses:\s*(.*)", path.read_text(encoding="utf-8"))
        assert used and all(PINNED.fullmatch(one) for one in used), used
        assert len(used) == sum("uses" in step for step in steps(path))

    @each
    def test_nothing_is_pasted_into_a_shell(self, path: Path) -> None:
        assert not [step["run"] for step in steps(path) if "${{" in step.get("run", "")]

    @each
    def test_checkout_keeps_no_token(self, path: Path) -> None:
        for step in steps(path):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False

    @each
    def test_no_secret_is_named(self, path: Path) -> None:
        assert "secrets." not in path.read_text(encoding="utf-8")

    @each
    @pytest.mark.skipif(not shutil.which("bash"), reason="bash reads the scripts")
    def test_shell_can_read_its_scripts(self, path: Path) -> None:
        assert read(path)["defaults"]["run"]["shell"] == "bash"
        for step in steps(path):
            if "run" in step:
                done = subprocess.run(["bash", "-n"], input=step["run"], capture_output=True, text=True, check=False)
                assert (done.returncode, done.stderr) == (0, "")


class TestPullRequests:
    def test_every_pull_request_starts_it_since_a_required_check_that_never_starts_blocks_the_others(self) -> None:
        assert read(PULL_REQUEST)["on"] == {"pull_request": None}

    def test_what_leaves_the_board_alone_skips_the_job_which_counts_as_passed(self) -> None:
        look, validate = (read(PULL_REQUEST)["jobs"][name] for name in ("look", "validate"))
        assert look["outputs"] == {"board": "${{ steps.look.outputs.board }}"}
        assert (validate["needs"], validate["if"]) == ("look", "needs.look.outputs.board != 'untouched'")

    @pytest.mark.skipif(not shutil.which("git"), reason="git makes the commits")
    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("README.md", "untouched"),
            ("tests/leaderboards/a", "untouched"),
            ("leaderboards/submissions/1.0/a__b/c/submission.yaml", "touched"),
            ("leaderboards/decisions.jsonl", "touched"),
            ("Leaderboards/submissions/a", "touched"),  # one folder with the board's on many file systems
            ("LEADERBOARDS", "touched"),
        ],
    )
    def test_whatever_lies_on_the_board_in_any_case_is_looked_at(self, tmp_path: Path, path: str, said: str) -> None:
        def git(*arguments: str) -> str:
            names = {
                "GIT_AUTHOR_NAME": "a",
                "GIT_AUTHOR_EMAIL": "a",
                "GIT_COMMITTER_NAME": "a",
                "GIT_COMMITTER_EMAIL": "a",
            }
            command = ["git", "-C", str(tmp_path), *arguments]
            return subprocess.run(
                command, check=True, capture_output=True, text=True, env={**os.environ, **names}
            ).stdout

        git("init", "-q")
        git("commit", "-q", "--allow-empty", "-m", "base")
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("a")
        git("add", "--all")
        git("commit", "-q", "-m", "merge")
        (script,) = (step["run"] for step in read(PULL_REQUEST)["jobs"]["look"]["steps"] if "run" in step)
        _, _, after_fetching = script.partition("\n")
        assert script.startswith("git fetch ")
        output = tmp_path / "output"
        told = {**os.environ, "GITHUB_SHA": git("rev-parse", "HEAD").strip(), "GITHUB_OUTPUT": str(output)}
        subprocess.run(["bash", "-e", "-c", after_fetching], check=True, cwd=tmp_path, env=told)
        assert output.read_text() == f"board={said}\n"

    def test_token_can_only_read_the_repository(self) -> None:
        workflow = read(PULL_REQUEST)
        assert workflow["permissions"] == {"contents": "read"}
        assert all("permissions" not in job for job in workflow["jobs"].values())

    def test_base_as_it_is_now_is_checked_out_and_nothing_else(self) -> None:
        checkouts = [step["with"] for step in steps(PULL_REQUEST) if "checkout" in step.get("uses", "")]
        assert {one["ref"] for one in checkouts} == {"refs/heads/${{ github.event.pull_request.base.ref }}"}
        scripts = " ".join(step.get("run", "") for step in steps(PULL_REQUEST))
        assert not re.search(r"git (-\S+ )*(checkout|switch|restore|reset|merge|pull|archive|apply)\b", scripts)

    def test_package_and_problems_are_there_before_the_commit_is(self) -> None:
        scripts = [step.get("run", "") for step in read(PULL_REQUEST)["jobs"]["validate"]["steps"]]
        order = [
            next(number for number, script in enumerate(scripts) if word in script)
            for word in ("pip install", "prefetch", "git fetch", "changed_submissions.py")
        ]
        assert order == sorted(order) and len({*order}) == 4
        last = scripts[-2:]
        assert all("pip" not in run and "make " not in run for run in last)

    def test_expressions_hold_nothing_that_a_stranger_writes(self) -> None:
        found = re.findall(r"\$\{\{\s*(.*?)\s*\}\}", PULL_REQUEST.read_text(encoding="utf-8"))
        assert {*found} == {
            "github.event.pull_request.number",
            "github.event.pull_request.base.ref",  # a branch of this repository; no shell reads it
            "steps.look.outputs.board",
        }


class TestPage:
    def test_main_and_people_start_it(self) -> None:
        started = read(PAGE)["on"]
        assert {*started} == {"push", "workflow_dispatch"} and started["push"]["branches"] == ["main"]
        assert {"leaderboards/**", "lm_eval_tasks/**"} <= {*started["push"]["paths"]}

    def test_building_can_only_read_and_publishing_runs_no_script(self) -> None:
        build, deploy = (read(PAGE)["jobs"][name] for name in ("build", "deploy"))
        assert build["permissions"] == {"contents": "read"}
        assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
        assert [step["uses"].partition("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
        assert deploy["needs"] == "build" and deploy["if"] == "github.ref == 'refs/heads/main'"
