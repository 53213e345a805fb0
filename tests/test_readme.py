"""What README shows as output must be what a run prints."""

import json
import re
from pathlib import Path

import pytest
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager
from lm_eval.utils import make_table

import reversed_persona.simulation  # noqa: F401  # registers simulated_student
from reversed_persona.cli import main
from reversed_persona.leaderboard.board.decisions import read_decisions
from reversed_persona.leaderboard.board.page.texts import FIRST_MODEL
from reversed_persona.rendering import member_names, task_folder
from reversed_persona.task_tables import task_rows

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
SHOWN = ("acc_high", "acc_low", "unanswered_low", "reversal")


def demo_students() -> list[str]:
    """Return the --model_args of the respondents that `make demo` runs."""
    return re.findall(r"model=[a-z]+,[a-z_0-9=.,]+", (CHECKOUT / "Makefile").read_text(encoding="utf-8"))


def shown_rows(model_args: str) -> list[str]:
    """Return the rows of lm-eval's own table that README shows, from the metric's column on."""
    manager = TaskManager(include_path=str(task_folder()), include_defaults=False)
    results = simple_evaluate(
        model="simulated_student", model_args=model_args, tasks=["sample_reversed_persona"], task_manager=manager
    )
    rows = (line.split("|", 5)[5] for line in make_table(results).splitlines()[2:] if line)
    return [f"|{row}" for row in rows if row.split("|")[0].strip() in SHOWN]


def test_demo_output_in_the_readme_is_what_the_demo_prints() -> None:
    block = README.split("<!-- demo -->")[1].split("<!-- /demo -->")[0]
    students = demo_students()
    assert len(students) == 3
    expected = [line for student in students for line in [student, *shown_rows(student)]]
    assert [line for line in block.splitlines() if line.strip() and "```" not in line] == expected


def test_compared_rows_in_the_readme_are_what_compare_prints_on_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for student in demo_students():
        arguments = ["--model", "simulated_student", "--model_args", student, "--tasks", "sample_reversed_persona"]
        assert main(["run", *arguments, "--output_path", str(tmp_path), "--log_samples"]) == 0
    capsys.readouterr()
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["compare", str(tmp_path)]) == 0
    printed = {line.strip() for line in capsys.readouterr().out.splitlines()}
    block = README.split("<!-- compare -->")[1].split("<!-- /compare -->")[0]
    shown = [line.strip() for line in block.splitlines() if line.strip() and "```" not in line]
    assert len(shown) == 5
    assert {*shown} <= printed


def test_own_attribute_of_the_page_on_personas_runs_as_it_is_shown(tmp_path: Path) -> None:
    page = (task_folder() / "personas" / "README.md").read_text(encoding="utf-8")
    block = page.split("mkdir -p mine/attributes")[1].split("```")[0]
    (tmp_path / "attributes").mkdir()
    (tmp_path / "attributes" / "hand.yml").write_text(block.split("<<'END'\n")[1].split("\nEND\n")[0], encoding="utf-8")
    metadata = json.loads(block.split("--metadata '")[1].split("'")[0]) | {"persona_templates": str(tmp_path)}
    (args,) = re.findall(r"--model_args (\S+)", block)
    results = simple_evaluate(
        model="simulated_student",
        model_args=args.replace("=mine", f"={tmp_path}"),
        tasks=["sample_reversed_persona"],
        task_manager=TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=metadata),
    )
    found = results["results"]["sample_reversed_persona"]
    # low=0.1 is 6 of 64 problems, low_left=0.3 is 19
    assert found["shift_acc_low_left,verdict"] == (19 - 6) / 64
    assert found["shift_acc_high_left,verdict"] == 0


def test_every_task_is_in_the_readmes_table() -> None:
    for path in task_folder().glob("*/*.yaml"):
        assert f"[`{path.stem}`](lm_eval_tasks/reversed_persona/{path.parent.name}/README.md)" in README


def test_every_file_that_a_page_links_to_exists() -> None:
    pages = [
        path for folder in ("lm_eval_tasks", "persona_templates", "tests") for path in (CHECKOUT / folder).rglob("*.md")
    ]
    assert len(pages) > 12
    for page in (CHECKOUT / "README.md", CHECKOUT / "leaderboards/README.md", *pages):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page, target)


def test_decisions_that_the_boards_page_shows_are_decisions(tmp_path: Path) -> None:
    page = (CHECKOUT / "leaderboards/README.md").read_text(encoding="utf-8")
    (tmp_path / "decisions.jsonl").write_text(page.split("```json\n")[1].split("```")[0], encoding="utf-8")
    assert [one.decision for one in read_decisions(tmp_path).made] == ["accept", "remove", "rescore"]


def test_every_answer_that_prepare_needs_is_on_the_boards_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["submission", "prepare", "--help"])
    options = {*re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)}
    page = (CHECKOUT / "leaderboards/README.md").read_text(encoding="utf-8")
    table = page.split("## What is asked")[1].split("##")[0]
    shown = {*re.findall(r"--[a-z][a-z-]+", table)}
    assert len(shown) == 12 and shown <= options


def test_requests_of_core_and_benchmark_are_those_of_their_tasks() -> None:
    rows = {row.name: row for row in task_rows()}

    def requests(name: str) -> int:
        # problems ("GSM8K, 330 of 1319") x requests a question
        asked = (re.findall(r"\d+", rows[task].problems.split(", ")[1])[0] for task in member_names(name))
        return sum(int(n) * int(rows[task].requests) for n, task in zip(asked, member_names(name), strict=True))

    assert f"two tasks, {requests('reversed_persona'):,} requests" in " ".join(README.split())
    assert f"twelve tasks and {requests('reversed_persona_*'):,} requests" in " ".join(README.split())
    assert len(member_names("reversed_persona_*")) == 12


def test_every_test_that_the_integration_table_names_exists() -> None:
    tests = CHECKOUT / "tests"
    named = re.findall(
        r"`(test_\w+\.py)::(test_\w+)`", (tests / "integration" / "README.md").read_text(encoding="utf-8")
    )
    assert len(named) > 50
    for file, test in named:
        (path,) = tests.rglob(file)
        assert f"def {test}(" in path.read_text(encoding="utf-8"), f"{file}::{test}"


def test_every_test_of_flags_servers_and_faults_is_in_the_table() -> None:
    folder = CHECKOUT / "tests" / "integration"
    table = (folder / "README.md").read_text(encoding="utf-8")
    for file in ("test_flags.py", "test_api_servers.py", "test_data_parallel.py"):
        for test in re.findall(r"def (test_\w+)", (folder / file).read_text(encoding="utf-8")):
            assert f"`{file}::{test}`" in table


def test_board_and_its_page_give_the_same_five_commands() -> None:
    text = (CHECKOUT / "leaderboards/README.md").read_text(encoding="utf-8").replace("\\\n    ", "")
    assert len(FIRST_MODEL) == 5
    for _, command in FIRST_MODEL:
        assert command in text
