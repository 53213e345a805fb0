"""The board's page in a real browser: chromium, without a head and without a network."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CONTRAST, Opened, opening

from reversed_persona.leaderboard.board.records import file_of
from reversed_persona.leaderboard.board.site import build_site
from submission_files import (
    DATE,
    decide,
    make_parts,
    sample_problems,
    sample_suite,
    write_board,
    write_parts,
    write_submission,
)

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

READY = "html[data-usable]"
CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
HOSTILE = '</script><script>document.title = "taken"</script></textarea><b>bold</b> $\\frac{1}{2}$ 🎓 \u202eabc'
BEST, BLIND, CLOSED, OWN = "lab/Best-70B", "lab/Blind-7B", "closed/Frontier", "own/Prompts"
FILES = {name: file_of(name, "standard") for name in (BEST, BLIND, CLOSED)} | {OWN: file_of(OWN, "custom")}
VIEWS = ("ranking", "plots", "matrix", f"model&model={FILES[BEST]}", f"pair&one={FILES[BEST]}&other={FILES[BLIND]}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of a board of four models; some of what the first one wrote is hostile."""
    board = write_board(tmp_path_factory.mktemp("board") / "board")
    best = make_parts(
        model=BEST, tasks=(CORE, CONTROL), parameters=70_000_000_000, note="$x$ & 🎓 “quoted” = note", seed=1, low=0.1
    )
    first = best.rows[CORE][0]["arms"]["none"]
    first["responses"] = [f"{HOSTILE}\n{first['responses'][0]}"]
    accepted = write_parts(board, best)
    decide(board, accepted, "accept", tier="reproduced", reason="Ten questions were run again.")
    write_submission(board, model=BLIND, date=DATE + 86_400, seed=2, low=0.9, chat=True, trained_on_benchmark="yes")
    write_submission(board, model=CLOSED, seed=3, low=0.5, parameters=None, open_weights=False, unanswered_low=0.2)
    write_submission(board, model=OWN, seed=4, type="custom")
    decide(board, "sample/gone__Model/2026-11-20_01234567", "remove", reason="The submitter <b>asked</b> for it.")
    build_site(board, sample_suite(), sample_problems(), board / "site")
    return board / "site"


@pytest.fixture
def opened(browser: Any, site: Path) -> Iterator[Opened]:
    with opening(browser, site / "index.html", ready=READY, beside=site) as found:
        yield found


def rows(page: Any) -> list[str]:
    return [str(name) for name in page.locator("#ranking tr[data-file] th a").all_inner_texts()]


def test_board_opens_with_models_apart_from_the_reference_respondents(opened: Opened) -> None:
    page = opened.go()
    assert rows(page)[:4] == [BEST, CLOSED, BLIND, OWN]
    assert page.locator("tbody.standard tr[data-file]").count() == 3
    assert page.locator("tbody.custom tr[data-file]").count() == 1
    assert rows(page)[4:] == ["perfect", "persona-blind", "always wrong", "silent"]
    assert "3 of 4" not in page.locator("#rows").inner_text()
    assert page.locator(f"tr[data-file='{FILES[BEST]}'] .badge").inner_text() == "partly run again"


def test_headings_sort_both_ways_and_keep_the_parts_apart(opened: Opened) -> None:
    page = opened.go()
    page.click("#ranking [data-column=model]")
    assert rows(page)[:3] == sorted([BEST, CLOSED, BLIND], key=str.lower)
    page.click("#ranking [data-column=model]")
    assert rows(page)[:3] == sorted([BEST, CLOSED, BLIND], key=str.lower, reverse=True)
    assert page.locator("th[aria-sort=descending] button").get_attribute("data-column") == "model"
    assert "sort=model" in page.url


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("size", "10", {BLIND, OWN}),
        ("size", "more", {BEST}),
        ("size", "unknown", {CLOSED}),
        ("weights", "closed", {CLOSED}),
        ("type", "custom", {OWN}),
        ("tier", "reproduced", {BEST}),
        ("trained", "yes", {BLIND}),
        ("ran", CONTROL, {BEST}),
    ],
)
def test_each_filter_keeps_what_it_names(opened: Opened, field: str, value: str, expected: set[str]) -> None:
    page = opened.go()
    page.select_option(f"#{field}", value)
    assert {name for name in rows(page) if "/" in name} == expected
    page.click("#clear")
    assert len(rows(page)) == 8


def test_search_looks_in_models_and_facts(opened: Opened) -> None:
    page = opened.go()
    page.fill("#search", "frontier")
    assert rows(page) == [CLOSED]
    page.fill("#search", "tester")
    assert len(rows(page)) == 4
    page.fill("#search", "nobody at all")
    assert rows(page) == []


def test_columns_are_chosen_by_the_visitor_and_stay_in_the_address(opened: Opened) -> None:
    page = opened.go()
    page.click("#chooser summary")
    page.check("#columns input[value=command]")
    page.uncheck("#columns input[value=size]")
    heads = page.locator("#ranking thead button").evaluate_all("(all) => all.map((one) => one.dataset.column)")
    assert "command" in heads and "size" not in heads
    address = page.url.partition("#")[2]
    page = opened.go(f"#{address}")
    again = page.locator("#ranking thead button").evaluate_all("(all) => all.map((one) => one.dataset.column)")
    assert again == heads
    assert "reversed-persona run" in page.locator(f"tr[data-file='{FILES[BEST]}']").inner_text()


def test_press_marks_who_is_not_separated(opened: Opened) -> None:
    page = opened.go()
    page.click(f"tr[data-file='{FILES[CLOSED]}'] button.rank")
    assert page.locator("tr.marked th a").inner_text() == CLOSED
    alike = page.locator("tr.alike").count()
    assert f"{alike} row" in page.locator("#separated").inner_text()
    signs = page.evaluate(f"board.views.get('R').against['{FILES[CLOSED]}']")
    assert alike == signs.count("=") - 1  # itself is not counted
    page.locator(f"tr[data-file='{FILES[BEST]}'] button.rank").press("Enter")
    assert page.locator("tr.marked th a").inner_text() == BEST


def test_model_shows_facts_decisions_and_every_task(opened: Opened) -> None:
    page = opened.go(f"#view=model&model={FILES[BEST]}")
    page.wait_for_selector("text=Beside the others")
    text = page.locator("#view-model").inner_text()
    for said in ("70 B", "41f433a", "reversed-persona run", "Ten questions were run again.", CONTROL, "by difficulty"):
        assert said in text
    assert "$x$ & 🎓 “quoted” = note" in text
    assert "nobody here has run the model" not in text and "has run part of the questions again" in text
    assert "verified" not in text.lower()


def test_two_models_stand_side_by_side_with_both_answers(opened: Opened) -> None:
    page = opened.go(f"#view=pair&one={FILES[BEST]}&other={FILES[BLIND]}")
    page.wait_for_selector("#question h3")
    table = page.locator("#pair table")
    assert "[" in table.inner_text() and f"{BEST} is better" in table.inner_text()
    assert page.input_value("#filter") == "differ"
    assert 0 < len(opened.listed()) < 64
    assert page.locator("#question section.arm").last.locator(".answer h5").all_inner_texts() == [BEST, BLIND]
    before = opened.chosen()
    page.keyboard.press("j")
    assert opened.chosen() != before
    address = page.url.partition("#")[2]
    chosen = opened.chosen()
    page = opened.go(f"#{address}")
    page.wait_for_selector("#question h3")
    assert opened.chosen() == chosen


def test_what_a_model_wrote_is_text(opened: Opened) -> None:
    first = next(iter(sample_suite().hashes(CORE)))
    page = opened.go(f"#view=pair&one={FILES[BEST]}&q={first}")
    page.wait_for_selector("#question h3")
    assert HOSTILE in str(page.locator("#question .answer .text").first.text_content())
    assert page.title() == "Reversed persona: the leaderboard"
    assert page.locator("#question b, #view-decisions b").count() == 0


def test_matrix_has_every_model_and_opens_an_answer(opened: Opened) -> None:
    page = opened.go(f"#view=matrix&task={CORE}")
    page.wait_for_selector("#matrix canvas")
    assert page.locator(".matrix .names a").all_inner_texts()[:4] == [BEST, CLOSED, BLIND, f"{OWN} (custom)"]
    together = page.evaluate("""() => outcomesOf({ high: "cccmmuwu", low: "wcmwcumf" }, "both")""")
    assert together == "phmmmsml"  # m: one of the two hangs on the repeat
    page.focus("#matrix canvas")
    page.keyboard.press("ArrowDown")
    assert page.locator("#matrix .said").inner_text().startswith(f"{CLOSED}, sample-")  # the second row
    page.keyboard.press("Enter")
    page.wait_for_selector("#question h3")
    assert "view=pair" in page.url


def test_plots_link_to_models_and_have_their_numbers_below(opened: Opened) -> None:
    page = opened.go("#view=plots")
    labels = page.locator("#figures a.point").evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    assert any(label.startswith(f"{BEST}: 70 B") for label in labels)
    assert "1 model of a size that is not known" in page.locator("#figures").inner_text()
    assert page.locator("#figures figure").first.locator("tbody tr").count() == 2  # one has no size, one other prompts
    page.locator("#figures a.point circle.aim").first.click()
    page.wait_for_selector("#view-model dl")


def test_decisions_stand_with_their_reasons(opened: Opened) -> None:
    page = opened.go("#view=decisions")
    text = page.locator("#view-decisions").inner_text()
    assert "sample/gone__Model/2026-11-20_01234567" in text
    assert "The submitter <b>asked</b> for it." in text


def test_download_is_exactly_what_is_shown(opened: Opened) -> None:
    page = opened.go("#columns=acc_low,licence&weights=closed")
    with page.expect_download() as waiting:
        page.click("#download")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    shown = page.locator(f"tr[data-file='{FILES[CLOSED]}'] td").all_inner_texts()
    head, line = text.splitlines()
    assert head == "model,type,acc_low,licence"
    assert line == f"{CLOSED},standard,{float(shown[0]):g},apache-2.0"
    assert waiting.value.suggested_filename == "reversed-persona-sample-R.csv"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_its_address_and_the_way_back_works(opened: Opened, view: str) -> None:
    page = opened.go("#view=about")
    page.evaluate(f"location.hash = 'view={view}'")
    name = view.partition("&")[0]
    page.wait_for_selector(f"#view-{name}:not([hidden])")
    page.go_back()
    page.wait_for_selector("#view-about:not([hidden])")


@pytest.mark.parametrize(
    "fragment", ["#view=nothing", "#view=model&model=x", "#view=pair&one=x", "#over=x&sort=y&mark=z", "#%"]
)
def test_address_of_what_is_not_there_harms_nothing(opened: Opened, fragment: str) -> None:
    page = opened.go(fragment)
    assert page.locator("#trouble").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1280])
def test_text_stands_out_and_nothing_runs_off_the_side(browser: Any, site: Path, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    with opening(browser, site / "index.html", ready=READY, beside=site, viewport=size, color_scheme=scheme) as opened:
        for view in (f"ranking&mark={FILES[CLOSED]}", *VIEWS[1:], "about", "decisions"):
            page = opened.go(f"#view={view}")
            page.wait_for_timeout(150)
            page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
            assert page.evaluate(CONTRAST) == [], view
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view


def test_tab_reaches_what_can_be_used(opened: Opened) -> None:
    page = opened.go()
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
    assert {"skip", "over", "search", "size", "download", "rank"} <= reached


def test_empty_board_says_how_to_add_the_first_model(browser: Any, tmp_path: Path) -> None:
    board = write_board(tmp_path / "board")
    build_site(board, sample_suite(), sample_problems(), board / "site")
    with opening(browser, board / "site" / "index.html", ready=READY, beside=board / "site") as opened:
        page = opened.go()
        assert "No model is on this board yet" in page.locator("#empty").inner_text()
        assert page.locator("#first .commands li").count() == 5
        assert rows(page) == ["perfect", "persona-blind", "always wrong", "silent"]


def test_files_that_are_gone_are_said(browser: Any, site: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "site"))
    shutil.rmtree(copy / "data")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{(copy / 'index.html').as_uri()}#view=model&model={FILES[BEST]}")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "has to lie beside this page" in page.locator("#trouble").inner_text()
    context.close()
