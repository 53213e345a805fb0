"""The board's page with two hundred rows in a real browser: it stays small, and every choice keeps what it names."""

import gzip
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from browsing import BOARD_READY, Opened, opening

from board_entries import EXPECTED, make_entry, make_problem, make_run, write_site
from reversed_persona.leaderboard.board.records import Entry, file_of
from submission_files import sample_suite

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

(TASK,) = sample_suite().core
ROWS, QUESTIONS, ANSWERS = 200, 30, 9
B = 1_000_000_000
SIZES = (1, 4 * B - 1, 4 * B, 4 * B + 1, 10 * B, 10 * B + 1, 40 * B, 40 * B + 1, 10**14, None)
TRAINED = ("yes", "no", "unknown")


@cache
def answers(number: int) -> Entry:
    """An entry with made-up answers; measuring takes long, so that many share them."""
    draw = random.Random(number)
    return make_entry("", make_run(TASK, **{arm: "".join(draw.choices("cwu", k=QUESTIONS)) for arm in EXPECTED}))


def entry(place: int) -> Entry:
    """A model: which size, weights, type, tier and training it has follows from its place."""
    model, kind = f"org-{place % 7}/Model-{place}", "custom" if place % 20 == 19 else "standard"
    made = replace(answers(place % ANSWERS), model=model, kind=kind, file=file_of(model, kind))
    facts = {
        "parameters": SIZES[place % len(SIZES)],
        "open_weights": (True, False, None)[place % 3],
        "trained_on_benchmark": TRAINED[place // 2 % 3],
        "date": f"2026-{1 + place % 12:02}-{1 + place % 28:02}T04:14:34Z",
    }
    return replace(made, facts={**made.facts, **facts}, tier="reproduced" if place % 5 == 0 else "recomputed")


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    references = [
        make_entry(name, make_run(TASK, none=letters, high=letters, low=letters, reference=True), kind="reference")
        for name, letters in (("blind", "c" * QUESTIONS), ("mute", "u" * QUESTIONS))
    ]
    return [*(entry(place) for place in range(ROWS)), *references]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> Path:
    problems = [make_problem(number) for number in range(QUESTIONS)]
    return write_site(tmp_path_factory.mktemp("rows") / "site", entries, problems=problems)


@pytest.fixture(scope="module")
def opened(browser: Any, written: Path) -> Iterator[Opened]:
    with opening(browser, written, ready=BOARD_READY, beside=written.parent) as found:
        yield found


def rows(page: Any) -> set[str]:
    found = page.evaluate("[...document.querySelectorAll('#ranking tr[data-file] th a')].map((one) => one.textContent)")
    assert len(found) == len(set(found))
    return set(found)


def test_page_of_two_hundred_rows_is_below_two_megabytes_packed(written: Path) -> None:
    assert len(gzip.compress(written.read_bytes(), 6)) < 2_000_000


def test_all_rows_stand_and_sort(opened: Opened) -> None:
    page = opened.go()
    assert len(rows(page)) == ROWS + 2
    page.click("#ranking [data-column=acc_low]")
    values = page.locator("tbody.standard tr[data-file]").evaluate_all(
        """(all) => all.map((row) => board.byFile.get(row.dataset.file))
            .map((entry) => cellKey(cellOf(board.views.get('R'), entry, 'acc_low')))"""
    )
    assert values == sorted(values, reverse=True) and values[0] > values[-1]
    assert "Sorted by acc_low: accuracy as the low-performing student" in page.locator("#rows").inner_text()


@pytest.mark.parametrize(
    ("field", "value", "keeps"),
    [
        # bounds belong to the smaller size: exactly 4, 10 and 40 billion
        ("size", "4", lambda one: one.facts["parameters"] in (1, 4 * B - 1, 4 * B)),
        ("size", "10", lambda one: one.facts["parameters"] in (4 * B + 1, 10 * B)),
        ("size", "40", lambda one: one.facts["parameters"] in (10 * B + 1, 40 * B)),
        ("size", "more", lambda one: one.facts["parameters"] in (40 * B + 1, 10**14)),
        ("size", "unknown", lambda one: one.facts["parameters"] is None),
        ("weights", "open", lambda one: one.facts["open_weights"] is True),
        ("weights", "closed", lambda one: one.facts["open_weights"] is False),
        *(("type", kind, lambda one, kind=kind: one.kind == kind) for kind in ("standard", "custom", "reference")),
        *(("tier", tier, lambda one, tier=tier: one.tier == tier) for tier in ("recomputed", "reproduced")),
        *(("trained", said, lambda one, said=said: one.facts["trained_on_benchmark"] == said) for said in TRAINED),
        ("ran", TASK, lambda one: True),
    ],
)
def test_each_choice_keeps_exactly_what_it_names(
    opened: Opened, entries: list[Entry], field: str, value: str, keeps: Any
) -> None:
    page = opened.go(f"#{field}={value}")
    expected = {one.model for one in entries if keeps(one)}
    assert expected
    assert rows(page) == expected


def test_choices_work_together_and_are_counted_on_a_phone(browser: Any, written: Path, entries: list[Entry]) -> None:
    size = {"width": 380, "height": 800}
    with opening(browser, written, ready=BOARD_READY, beside=written.parent, viewport=size) as opened:
        page = opened.go()
        first = page.locator("#ranking tr[data-file]").first.bounding_box()
        assert first["y"] + first["height"] < 800  # on the first screen
        assert page.locator("#size").is_hidden()
        page.click("#more")
        page.select_option("#size", "4")
        page.select_option("#trained", "yes")
        assert rows(page) == {
            one.model
            for one in entries
            if one.facts["parameters"] in SIZES[:3] and one.facts["trained_on_benchmark"] == "yes"
        }
        assert page.locator("#more").inner_text() == "Filters: 2 on"
        page.click("#clear")
        assert len(rows(page)) == ROWS + 2
        assert page.locator("#more").inner_text() == "Filters"


def test_another_score_is_plotted_and_stays_in_the_address(opened: Opened) -> None:
    page = opened.go("#view=plots")
    assert page.locator("#figures h3").first.inner_text() == "R against size"
    page.select_option("#score", "acc_low")
    assert page.locator("#figures h3").all_inner_texts() == ["acc_low against size", "acc_low against date"]
    assert "score=acc_low" in page.url
    said = str(page.locator("#figures a.point").first.get_attribute("aria-label"))
    assert ", acc_low 0." in said
    page = opened.go("#view=plots&score=acc_low&size=40")
    assert page.locator("#figures figure").first.locator("tbody tr").count() == 40  # a fifth, none of them custom
    assert page.locator("#figures figure").last.locator(".tick").last.text_content().endswith("-01")


def test_matrix_of_two_hundred_rows_is_drawn(opened: Opened) -> None:
    page = opened.go("#view=matrix")
    page.wait_for_selector("#matrix canvas")
    assert page.locator(".matrix .names a").count() == ROWS + 2
    assert page.evaluate("document.querySelector('#matrix canvas').height") == 18 * (ROWS + 2)
    page.focus("#matrix canvas")
    page.keyboard.press("End")
    assert page.locator("#matrix .said").inner_text().count(", p") == 1


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2026-11-26"], ["2026-11-26"]),
        (["2026-11-26", "2026-11-26", "2026-11-27"], ["2026-11-26", "2026-11-27"]),
        (  # Mondays from the first day on
            ["2026-11-02", "2026-11-05", "2026-11-07", "2026-11-14", "2026-11-23"],
            [f"2026-11-{at:02}" for at in (2, 9, 16, 23)],
        ),
        (
            ["2025-12-31", "2026-01-02", "2026-02-01", "2026-03-15", "2026-04-01"],
            [f"2026-{at:02}-01" for at in (1, 2, 3, 4)],
        ),
        (
            ["2024-12-31", "2025-06-02", "2026-02-01", "2026-03-15", "2026-04-01"],
            ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01"],
        ),
    ],
)
def test_ticks_are_days_that_people_count_by(opened: Opened, days: list[str], expected: list[str]) -> None:
    page = opened.go("#view=about")
    scale = "days(found.map((one) => dayOf(Date.parse(`${one}T04:14:34Z`))))"
    assert page.evaluate(f"(found) => {scale}.ticks.map(([, text]) => text)", days) == expected
    places = page.evaluate(f"(found) => {{ const of = {scale}; return of.ticks.map(([at]) => of.at(at)); }}", days)
    assert all(0 < at < 1 for at in places) and places == sorted(places)


@pytest.mark.parametrize(
    ("cell", "column", "expected"),
    [
        ({"low": 0.58, "high": 0.58}, "contrast", "0.580"),
        ({"low": 0.5799, "high": 0.5801}, "contrast", "0.580"),
        ({"low": 0.58, "high": 0.6}, "contrast", "0.580 to 0.600"),
        ({"low": -0.0001, "high": 0.0001}, "contrast", "0.000"),
        ("765:0", "discordant", "765 : 0"),
        (None, "discordant", "-"),
        ({"first": 2, "last": 2}, "rank", "2"),
        ({"first": 1, "last": 4}, "rank", "1–4"),
    ],
)
def test_cells_say_everything_once(opened: Opened, cell: object, column: str, expected: str) -> None:
    assert opened.page.evaluate("([cell, column]) => cellText(cell, column)", [cell, column]) == expected


def test_bars_of_differences_reach_two(opened: Opened) -> None:
    tick = "(end) => intervalBar([end, 0, end], end).querySelector('.estimate').getAttribute('x1')"
    assert opened.page.evaluate(tick, 2) == opened.page.evaluate(tick, 1) == "80"  # of 84, four of them a margin
    assert opened.page.evaluate("['difference', 'R', 'reversal gsm8k', 'acc_low'].map(endOfBars)") == [2, 1, 1, 0]
