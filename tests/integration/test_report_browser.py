"""The report's page in a real browser: chromium, without a head and without a network."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CONTRAST, Opened, opening

from reversed_persona.cli import main
from reversed_persona.comparison.report import charts
from run_files import TASK, row, written

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

RESPONSE = '</script><script>document.title = "taken"</script></textarea><b>bold</b> $\\frac{1}{2}$ 🎓 so it is 8.'
STATUSES = {True: "correct", False: "wrong"}
N = 60


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report on three models; the first question's answers are hostile."""
    folder = tmp_path_factory.mktemp("report")
    draw = random.Random(0)
    for name, low in (("best", 0.0), ("middle", 0.5), ("worst", 0.9)):
        rows: list[dict[str, Any]] = [
            row(f"p{k}", none="correct", high="correct", low=STATUSES[draw.random() < low]) for k in range(N)
        ]
        for k, one in enumerate(rows):
            one["doc"]["difficulty"] = 1 + k % 3
        if name == "worst":
            rows[5] = row("p5", none="correct", high="correct", low="unanswered")
        rows[0]["resps"] = [[RESPONSE] for _ in rows[0]["resps"]]
        at = RESPONSE.index("8.")
        rows[0]["filtered_resps"][2] = [
            rows[0]["filtered_resps"][2][0].replace('"span": null', f'"span": [{at}, {at + 1}]')
        ]
        rows[0]["filtered_resps"][2] = [rows[0]["filtered_resps"][2][0].replace('"flip": false', '"flip": true')]
        written(folder / name, model=f"org/{name}", rows=rows)
    assert main(["report", str(folder), "-o", str(folder / "report.html")]) == 0
    return folder / "report.html"


READY = "#question h3, #question > p"


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Opened]:
    with opening(browser, report, ready=READY) as found:
        yield found


def test_page_opens_without_a_complaint_or_a_request(opened: Opened) -> None:
    page = opened.go()
    assert page.title() == "Reversed persona: 3 models"
    assert page.locator("#summary table tbody tr").count() == 3
    assert opened.listed() == [f"p{k}" for k in range(N)]
    if charts.can_draw():
        assert page.locator(".drawing svg").count() == 4


def test_heading_sorts_the_table_both_ways(opened: Opened) -> None:
    page = opened.go()
    names = page.locator("#summary table.sortable tbody th")
    heading = page.locator("#summary thead th", has_text="acc_low")
    heading.locator("button").click()
    assert names.all_inner_texts() == ["org/worst", "org/middle", "org/best"]
    assert heading.get_attribute("aria-sort") == "descending"
    heading.locator("button").press("Enter")
    assert names.all_inner_texts() == ["org/best", "org/middle", "org/worst"]
    assert heading.get_attribute("aria-sort") == "ascending"


def test_field_finds_rows_of_the_tables(opened: Opened) -> None:
    page = opened.go()
    page.fill("#find-model", "MIDDLE")
    assert page.locator("#summary tbody tr:visible th").all_inner_texts() == ["org/middle"]
    assert page.locator("#found-models").inner_text() == "1 of 3 rows"


def test_parts_unfold_by_the_keyboard_and_the_field_finds_their_rows_too(opened: Opened) -> None:
    page = opened.go()
    rows = page.locator("#parts tbody tr")
    assert rows.count() == 9 and not rows.first.is_visible()
    page.locator("#parts summary", has_text="by difficulty").press("Enter")
    assert rows.first.is_visible()
    page.fill("#find-model", "middle")
    assert page.locator("#parts tbody tr:visible th").all_inner_texts() == ["org/middle"] * 3
    assert page.locator("#found-models").inner_text() == "1 of 3 rows"  # of the summary


def test_what_a_model_wrote_is_shown_as_text_with_its_answer_marked(opened: Opened) -> None:
    page = opened.go("#q=p0")
    assert RESPONSE in page.locator("#question").inner_text()
    assert page.locator("#question b, #question script, #question img").count() == 0
    assert page.title() == "Reversed persona: 3 models"
    assert page.locator("#question .arm:last-child mark").all_inner_texts() == ["8", "8"]
    assert page.locator("#question .arm:last-child .answer h5").all_inner_texts() == ["org/best", "org/worst"]


def test_filters_keep_the_questions_that_they_name(opened: Opened) -> None:
    page = opened.go()
    page.select_option("#filter", "silent")
    assert opened.listed() == ["p5"]
    assert opened.chosen() == "p5"
    assert page.locator("#question .unanswered").inner_text() == "– unanswered (refused)"
    page.select_option("#filter", "flipped")
    assert opened.listed() == ["p0"]
    page.select_option("#filter", "solved")
    solved = opened.listed()
    page.select_option("#filter", "differ")  # best is never right as low: they differ where worst is right, or silent
    assert sorted(opened.listed()) == sorted([*solved, "p5"])
    assert page.locator("#count").inner_text() == f"{len(solved) + 1} of {N} questions"


def test_search_and_sort(opened: Opened) -> None:
    page = opened.go()
    page.fill("#find", "🎓")
    playwright.expect(page.locator("#list li")).to_have_count(1)
    assert opened.listed() == ["p0"]
    page.fill("#find", "")
    playwright.expect(page.locator("#list li")).to_have_count(N)
    page.select_option("#sort", "hardest")
    assert opened.listed()[:2] == ["p2", "p5"]
    page.fill("#find", "nowhere at all")
    playwright.expect(page.locator("#list li")).to_have_count(0)
    assert page.locator("#question").inner_text() == "No question is shown."


def test_permalink_brings_back_question_filter_sort_and_search(opened: Opened) -> None:
    page = opened.go()
    page.select_option("#filter", "differ")
    page.select_option("#sort", "hardest")
    page.fill("#find", "what is p1")
    page.wait_for_timeout(300)
    page.locator("#list button").nth(1).click()
    before, chosen, link = opened.listed(), opened.chosen(), page.url.partition("#")[2]
    assert page.locator("#question h3 a").get_attribute("href") == f"#{link}"
    assert f"q={chosen}" in link and "filter=differ" in link and "sort=hardest" in link
    opened.go(f"#{link}")
    assert (opened.listed(), opened.chosen()) == (before, chosen)
    assert page.locator("#find").input_value() == "what is p1"
    assert page.locator("#questions").evaluate("node => Math.abs(node.getBoundingClientRect().top) < 200")


@pytest.mark.parametrize("fragment", ["#q=nobody", "#q=%E0%A4%A", "#filter=x&sort=y&task=z", "#limits"])
def test_permalink_to_what_is_not_there_harms_nothing(opened: Opened, fragment: str) -> None:
    opened.go(fragment)
    assert len(opened.listed()) == N


def test_permalink_that_changes_while_the_page_is_open_is_followed(opened: Opened) -> None:
    page = opened.go("#q=p3")
    page.evaluate("location.hash = '#q=p7&filter=all'")
    playwright.expect(page.locator("#question h3")).to_contain_text("p7")


def test_keys_go_from_question_to_question(opened: Opened) -> None:
    page = opened.go()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert opened.chosen() == "p2"
    page.keyboard.press("ArrowUp")  # the list has the focus
    assert opened.chosen() == "p1"
    page.keyboard.press("End")
    assert opened.chosen() == f"p{N - 1}"
    focused = page.evaluate(
        "[document.activeElement.closest('#list') !== null, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert focused == [True, "solid"]
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.locator("#find").input_value() == "jk"  # in a field they are letters


def test_tab_reaches_everything_that_can_be_used(opened: Opened) -> None:
    page = opened.go()
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"find-model", "task", "filter", "sort", "find", "BUTTON", "SUMMARY", "A"} <= reached


def test_several_tasks_are_browsed_one_at_a_time(browser: Any, tmp_path: Path) -> None:
    written(tmp_path / "a", model="m")
    written(tmp_path / "a", model="m", task="reversed_persona_gsm8k", rows=[row("g1", high="correct", low="wrong")])
    (tmp_path / "a" / f"results_{'2026-01-02T03-04-05.678901'}.json").unlink()
    assert main(["report", str(tmp_path), "-o", str(tmp_path / "report.html")]) == 0
    with opening(browser, tmp_path / "report.html", ready=READY) as opened:
        page = opened.go()
        assert opened.listed() == ["g1"]
        page.select_option("#task", TASK)
        playwright.expect(page.locator("#list li")).to_have_count(3)
        assert f"task={TASK}" in page.url
        assert page.locator("#filter option[value=differ]").count() == 0  # one model has nobody to disagree with


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1280])
def test_text_stands_out_and_nothing_runs_off_the_side(browser: Any, report: Path, scheme: str, width: int) -> None:
    with opening(browser, report, ready=READY, viewport={"width": width, "height": 800}, color_scheme=scheme) as opened:
        page = opened.go("#q=p0")
        page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = "(nodes) => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
        smallest = min(page.locator("p, td, th, li, label, h5").evaluate_all(sizes))
        assert smallest >= 12


def test_drawings_have_names_and_their_numbers_beside_them(opened: Opened) -> None:
    page = opened.go()
    for figure in page.locator("figure").all():
        assert figure.locator("figcaption h3").inner_text()
        assert figure.locator("details table tbody tr").count() >= 2
        if charts.can_draw():
            assert figure.locator("[role=img]").get_attribute("aria-label")
