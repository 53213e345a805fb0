"""What is installed must be whole: tasks, problems and templates, from a wheel as from a checkout."""

import re
import shutil
import subprocess
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import reversed_persona
from reversed_persona.leaderboard.suite import shipped_reference
from reversed_persona.personas import template_folder
from reversed_persona.rendering import task_folder

CHECKOUT = Path(__file__).resolve().parents[1]
DATA = ("*.yaml", "*.jsonl", "_base_yaml", "*.md", "*.jinja", "*.css", "*.js")


def names(folder: Path, *patterns: str) -> set[str]:
    return {str(path.relative_to(folder)) for pattern in patterns for path in folder.rglob(pattern)}


def test_installed_version_is_the_packages() -> None:
    assert version("reversed-persona") == reversed_persona.__version__


def test_installed_tasks_are_those_of_the_checkout() -> None:
    installed = names(task_folder(), *DATA)
    assert installed == names(CHECKOUT / "lm_eval_tasks" / "reversed_persona", *DATA)
    assert {"_base_yaml", "sample/problems.jsonl", "gsm8k/reversed_persona_gsm8k.yaml", "gsm8k/README.md"} <= installed
    assert {f"comparison/report/{name}" for name in ("page.html.jinja", "page.css", "page.js")} <= installed


def test_installed_templates_are_those_of_the_checkout() -> None:
    assert names(template_folder(), "*") == names(CHECKOUT / "persona_templates", "*")
    for name in names(template_folder(), "*.yml"):
        assert (template_folder() / name).read_bytes() == (CHECKOUT / "persona_templates" / name).read_bytes()


def test_installed_manifests_are_those_of_the_checkout() -> None:
    assert names(shipped_reference(), "*") == names(CHECKOUT / "leaderboards" / "reference", "*")
    for name in names(shipped_reference(), "*.json"):
        assert (shipped_reference() / name).read_bytes() == (CHECKOUT / "leaderboards/reference" / name).read_bytes()


@pytest.mark.skipif(not (CHECKOUT / ".git").exists() or not shutil.which("git"), reason="git knows what belongs here")
def test_source_distribution_holds_all_that_is_tracked_but_the_boards_rows() -> None:
    listed = subprocess.run(["git", "-C", CHECKOUT, "ls-files"], capture_output=True, text=True, check=True).stdout
    tracked = {line.split("/")[0] for line in listed.splitlines()} - {".ci", ".gitignore", "pyproject.toml"}
    section = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.hatch.build.targets.sdist]")[1]
    include, exclude = (re.findall(r'"/([^"]+)"', line) for line in section.splitlines()[1:3])
    assert {*include} == tracked
    assert {*exclude} == {"leaderboards/submissions", "leaderboards/site"}


def test_reference_respondent_is_announced_to_lm_eval() -> None:
    (found,) = entry_points(group="lm_eval.models", name="simulated_student")
    assert found.value == "reversed_persona.simulation:SimulatedStudent"


def test_reference_judge_is_announced_to_lm_eval() -> None:
    (found,) = entry_points(group="lm_eval.models", name="simulated_judge")
    assert found.value == "reversed_persona.judging.simulation:SimulatedJudge"


def test_every_task_folder_has_a_card() -> None:
    for path in task_folder().glob("*/*.yaml"):
        assert (path.parent / "README.md").is_file(), path
