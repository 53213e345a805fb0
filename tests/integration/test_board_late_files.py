"""A data file that comes late, after the visitor went on, draws nothing over what is shown by then."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Opened, opening

from reversed_persona.leaderboard.board.records import file_of
from reversed_persona.leaderboard.board.site import build_site
from submission_files import make_parts, sample_problems, sample_suite, write_board, write_parts

CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
ONE, TWO, THREE = "org/one", "org/two", "org/three"
FILES = {name: file_of(name, "standard") for name in (ONE, TWO, THREE)}
LATE_S = 0.5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    board = write_board(tmp_path_factory.mktemp("late") / "board")
    for seed, name in enumerate(FILES):
        write_parts(board, make_parts(model=name, tasks=(CORE, CONTROL), seed=seed, low=0.2 + 0.3 * seed))
    build_site(board, sample_suite(), sample_problems(), board / "site")
    return board / "site"


@pytest.fixture
def opened(browser: Any, site: Path) -> Iterator[Opened]:
    with opening(browser, site / "index.html", ready="html[data-usable]", beside=site) as found:
        yield found


def delay(page: Any, name: str) -> None:
    """Let a data file come late, as from a slow server; the page is opened as a file, which no route slows down."""
    page.evaluate(
        """([late, milliseconds]) => {
            const at_once = window.received;
            window.received = (name, text) => setTimeout(at_once, name === late ? milliseconds : 0, name, text);
        }""",
        [name, LATE_S * 1000],
    )


def pair(one: str, other: str) -> str:
    return f"#view=pair&one={FILES[one]}&other={FILES[other]}"


def visit(page: Any, *addresses: str) -> None:
    """Go from each to the next before the late file has come, and wait until it has."""
    for address in addresses:
        page.evaluate("(address) => { location.hash = address; }", address)
        page.wait_for_timeout(100)
    page.wait_for_timeout(2 * LATE_S * 1000)


@pytest.mark.parametrize("late", [f"answers-{FILES[ONE]}-{CORE}", f"entry-{FILES[ONE]}"])
def test_pair_that_was_left_for_another_pair(opened: Opened, late: str) -> None:
    page = opened.go("")
    delay(page, late)
    visit(page, pair(ONE, TWO), pair(THREE, TWO))
    page.wait_for_selector("#question h3")
    assert f"one={FILES[THREE]}" in page.url
    assert page.locator("#pair .versus a").all_inner_texts() == [THREE, TWO]
    assert page.locator("#question section.arm").last.locator(".answer h5").all_inner_texts() == [THREE, TWO]
    page.keyboard.press("j")
    assert f"one={FILES[THREE]}" in page.url


def test_pair_that_was_left_for_the_ranking(opened: Opened) -> None:
    page = opened.go("")
    delay(page, f"answers-{FILES[ONE]}-{CORE}")
    visit(page, pair(ONE, TWO), "#view=ranking")
    assert page.url.endswith("#view=ranking")
    page.locator("#ranking th button", has_text="acc_low").first.click()
    assert "sort=acc_low" in page.url


def test_task_that_was_changed_while_its_answers_were_read(opened: Opened) -> None:
    page = opened.go(pair(ONE, TWO))
    page.wait_for_selector("#question h3")
    delay(page, f"answers-{FILES[ONE]}-{CONTROL}")
    page.evaluate(
        """(tasks) => {
        const select = document.getElementById("task");
        for (const task of tasks) { select.value = task; select.dispatchEvent(new Event("change")); }
    }""",
        [CONTROL, CORE],
    )
    page.wait_for_timeout(2 * LATE_S * 1000)
    assert page.input_value("#task") == CORE
    arms = page.locator("#question section.arm").count()
    assert arms == len(sample_suite().tasks[CORE].arms) != len(sample_suite().tasks[CONTROL].arms)


def test_matrix_of_a_task_that_was_left_for_another(opened: Opened) -> None:
    page = opened.go("")
    delay(page, f"verdicts-{CONTROL}")
    visit(page, f"#view=matrix&task={CONTROL}", f"#view=matrix&task={CORE}")
    assert page.input_value("#matrix-task") == CORE
    assert f"questions of {CORE}" in str(page.locator("#matrix canvas").get_attribute("aria-label"))


def test_model_that_was_left_and_opened_again_has_its_details_once(opened: Opened) -> None:
    page = opened.go("")
    delay(page, f"entry-{FILES[ONE]}")
    of_one = f"#view=model&model={FILES[ONE]}"
    visit(page, of_one, "#view=ranking", of_one)
    assert page.locator("#model h3", has_text="Beside the others").count() == 1
    assert page.locator("#model-waits").count() == 0
