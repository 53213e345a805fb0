"""A visit of the board's page with the keyboard alone, and without motion."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import BOARD_READY, Opened, opening

from board_entries import make_entry, make_problem, make_run, write_site
from reversed_persona.leaderboard.board.records import file_of
from submission_files import sample_suite

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

(TASK,) = sample_suite().core
FIRST, SECOND = "lab/First", "lab/Second"
# what an element is called by: its id, else its text
FOCUSED = """() => {
  const node = document.activeElement, style = getComputedStyle(node);
  const text = node.getAttribute("aria-label") || node.textContent || node.value || node.tagName;
  const said = node === document.body ? "BODY" : text;
  return {
    name: node.id || said.trim().slice(0, 60),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inSight: node.getClientRects().length > 0,
    top: node.getBoundingClientRect().top + scrollY,
  };
}"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    right, wrong = "c" * 20, "w" * 20
    first = make_entry(FIRST, make_run(TASK, none=right, high=right, low=wrong))
    second = make_entry(SECOND, make_run(TASK, none=right, high=right, low=right))
    facts = {"parameters": 7_000_000_000, "command": "reversed-persona run", "date": "2026-11-26T04:14:34Z"}
    older = [f"sample/lab__First/2026-11-0{day}_01234567" for day in (8, 2)]
    entries = [replace(first, facts={**first.facts, **facts}, older=older), second]
    return write_site(
        tmp_path_factory.mktemp("keys") / "site", entries, problems=[make_problem(number) for number in range(20)]
    )


@pytest.fixture(scope="module")
def opened(browser: Any, written: Path) -> Iterator[Opened]:
    with opening(browser, written, ready=BOARD_READY, beside=written.parent, reduced_motion="reduce") as found:
        yield found


def tab_to(page: Any, name: str, most: int = 60) -> None:
    """Go on with Tab until something is reached; each stop on the way has a ring."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found["name"] == "BODY":
            continue
        assert found["ring"] and found["inSight"], found
        if found["name"].startswith(name):
            return
    raise AssertionError(f"{name} was not reached; last {found}")


def walk(page: Any) -> list[dict[str, Any]]:
    """Go through everything that Tab reaches, once."""
    found: list[dict[str, Any]] = []
    while len(found) < 150:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["name"] == "BODY" or (found and at["name"] == "skip"):
            break
        found.append(at)
    return found


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("ranking", {"over", "search", "trained", "download", "acc_low", "graded again", f"compare {FIRST}"}),
        ("plots", {"over", "score", f"{FIRST}: 7 B", "Numbers"}),
        ("matrix", {"matrix-task", "matrix-arm", "matrix-order", FIRST, "2 rows, 20 questions", "Numbers"}),
        (f"model&model={file_of(FIRST, 'standard')}", {"Read its answers", "side by side", "graded again"}),
        (
            f"pair&one={file_of(FIRST, 'standard')}&other={file_of(SECOND, 'standard')}&filter=all",
            {"one", "other", "swap", "task", "filter", "sort", "find", "p0."},
        ),
        ("decisions", {"Decisions"}),
        ("about", {"What it means"}),
        ("add", {"reversed-persona run", "git push"}),
    ],
)
def test_tab_goes_downwards_through_a_view_and_always_shows_where(
    opened: Opened, view: str, expected: set[str]
) -> None:
    page = opened.go(f"#view={view}")
    page.wait_for_timeout(200)
    found = walk(page)
    names = [one["name"] for one in found]
    assert names[0] == "skip" and "Add a model" in names
    assert all(one["ring"] and one["inSight"] for one in found), [one for one in found if not one["ring"]]
    for name in expected:
        assert any(one.startswith(name) for one in names), name
    heads = [one["top"] for one in found if one["name"] in ("built", "Ranking", "over", "download", "score", "task")]
    assert heads == sorted(heads)


def test_headings_sort_with_enter_and_space_and_keep_the_focus(opened: Opened) -> None:
    page = opened.go()
    tab_to(page, "acc_low")
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=descending] button").inner_text().startswith("acc_low")
    page.keyboard.press("Space")
    assert page.locator("th[aria-sort=ascending] button").inner_text().startswith("acc_low")
    assert page.evaluate(FOCUSED)["name"] == "acc_low"


def test_a_badge_says_what_was_checked_until_escape(opened: Opened) -> None:
    page = opened.go()
    tab_to(page, "graded again")
    assert page.locator("#meaning").is_hidden()
    page.keyboard.press("Enter")
    assert page.locator("#meaning").inner_text().startswith("Every response was graded again")
    box = page.locator("#meaning").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
    assert page.locator(".badge[aria-expanded=true]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#meaning").is_hidden()
    page.keyboard.press("Space")
    assert page.locator("#meaning").is_visible()
    page.keyboard.press("Tab")
    assert page.locator("#meaning").is_hidden()
    assert page.locator("tr.marked").count() == 0  # the row was not pressed


def test_columns_open_with_enter_and_close_with_escape(opened: Opened) -> None:
    page = opened.go()
    tab_to(page, "Columns")
    page.keyboard.press("Enter")
    tab_to(page, "rank")
    page.keyboard.press("Space")
    assert page.locator("#ranking [data-column=rank]").count() == 0
    page.keyboard.press("Escape")
    assert page.locator("#columns").is_hidden()
    assert page.evaluate(FOCUSED)["name"] == "Columns"


def test_search_is_cleared_with_escape(opened: Opened) -> None:
    page = opened.go()
    tab_to(page, "search")
    page.keyboard.type("second")
    assert page.locator("#ranking tr[data-file]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#ranking tr[data-file]").count() == 2


def test_the_way_past_the_head_stays_in_the_view(opened: Opened) -> None:
    page = opened.go("#view=about")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.locator("#view-about").is_visible()
    assert "view=about" in page.url


def test_two_rows_are_chosen_and_read_side_by_side(opened: Opened) -> None:
    page = opened.go()
    for name in (FIRST, SECOND):
        tab_to(page, f"compare {name}")
        page.keyboard.press("Space")
    tab_to(page, "Side by side")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:focus")
    assert page.locator("h2:focus").inner_text() == "Side by side"
    tab_to(page, "filter")
    page.keyboard.press("Home")  # all questions: they said the same
    tab_to(page, "p0.")
    page.keyboard.press("ArrowDown")
    assert opened.chosen() == "p1"
    page.keyboard.press("End")
    assert opened.chosen() == "p19"


def test_views_open_with_enter_and_their_heading_is_next(opened: Opened) -> None:
    page = opened.go()
    for name, heading in (("Plots", "Plots"), ("Matrix", "Every question, every model"), ("Add a model", "How to add")):
        page.evaluate("document.activeElement.blur()")
        page.focus("#skip")
        tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_selector("h2:focus")
        assert page.locator("h2:focus").inner_text().startswith(heading)


def test_a_point_of_a_plot_opens_its_model(opened: Opened) -> None:
    page = opened.go("#view=plots")
    tab_to(page, f"{FIRST}: 7 B")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Beside the others")
    assert page.locator("#model-title").inner_text() == FIRST


def test_older_submissions_of_a_model_stand_in_its_detail(opened: Opened) -> None:
    page = opened.go(f"#view=model&model={file_of(FIRST, 'standard')}")
    lines = page.locator("#model h3:text('Older submissions') + ul li").all_inner_texts()
    assert [line[:10] for line in lines] == ["2026-11-08", "2026-11-02"]
    assert "sample/lab__First/2026-11-02_01234567" in lines[1] and "a newer one counts" in lines[1]
    page = opened.go(f"#view=model&model={file_of(SECOND, 'standard')}")
    assert "Older submissions" not in page.locator("#view-model").inner_text()


def test_nothing_moves(opened: Opened) -> None:
    for view in ("ranking", "matrix"):
        page = opened.go(f"#view={view}")
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate(
            """[...document.querySelectorAll("*")].every((node) => { const style = getComputedStyle(node);
                return style.transitionDuration === "0s" && style.animationName === "none"
                    && style.scrollBehavior === "auto"; })"""
        )
