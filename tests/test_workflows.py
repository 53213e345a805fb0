"""Workflows may do no more than they say: who can start them, what the token can do, what reaches a shell."""

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
    def test_submissions_alone_start_it(self) -> None:
        assert read(PULL_REQUEST)["on"] == {"pull_request": {"paths": ["leaderboards/submissions/**"]}}

    def test_token_can_only_read_the_repository(self) -> None:
        workflow = read(PULL_REQUEST)
        assert workflow["permissions"] == {"contents": "read"}
        assert all("permissions" not in job for job in workflow["jobs"].values())

    def test_base_is_checked_out_and_nothing_else(self) -> None:
        checkouts = [step["with"] for step in steps(PULL_REQUEST) if "checkout" in step.get("uses", "")]
        assert [one["ref"] for one in checkouts] == ["${{ github.event.pull_request.base.sha }}"]
        scripts = " ".join(step.get("run", "") for step in steps(PULL_REQUEST))
        assert not re.search(r"git (-\S+ )*(checkout|switch|restore|reset|merge|pull|archive|apply)\b", scripts)

    def test_package_and_problems_are_there_before_the_commit_is(self) -> None:
        order = [
            next(number for number, step in enumerate(steps(PULL_REQUEST)) if word in step.get("run", ""))
            for word in ("pip install", "prefetch", "git fetch", "changed_submissions.py")
        ]
        assert order == sorted(order) and len({*order}) == 4
        last = [step["run"] for step in steps(PULL_REQUEST) if "run" in step][-2:]
        assert all("pip" not in run and "make " not in run for run in last)

    def test_expressions_hold_nothing_that_a_stranger_writes(self) -> None:
        found = re.findall(r"\$\{\{\s*(.*?)\s*\}\}", PULL_REQUEST.read_text(encoding="utf-8"))
        assert {*found} == {"github.event.pull_request.number", "github.event.pull_request.base.sha"}


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
