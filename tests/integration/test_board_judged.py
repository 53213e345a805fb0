"""A judge's Degree of Contrast on the board's page, in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CONTRAST, Opened, opening

from judged_files import JUDGED_TASK, with_judge
from reversed_persona.leaderboard.board.records import file_of
from reversed_persona.leaderboard.board.site import build_site
from reversed_persona.leaderboard.board.writing import DATA, write_data
from submission_files import make_parts, sample_problems, sample_suite, write_board, write_parts
from test_board_site import data_of

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

READY = "html[data-usable]"
HOSTILE = "</script><img src=x onerror=\"document.title = 'taken'\"><b>bold</b>"
JUDGED, ITSELF, ALONE = (file_of(name, "standard") for name in ("lab/judged", "lab/itself", "lab/alone"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of a judged model, one that judged itself, and one that nobody judged."""
    board = write_board(tmp_path_factory.mktemp("board") / "board")
    write_parts(board, with_judge(make_parts(model="lab/judged", seed=1), unreadable=0.1))
    write_parts(board, with_judge(make_parts(model="lab/itself", seed=2), judge="other/itself", pairs=("contrast",)))
    write_parts(board, make_parts(model="lab/alone", seed=3))
    build_site(board, sample_suite(), sample_problems(), board / "site")
    return board / "site"


@pytest.fixture
def opened(browser: Any, site: Path) -> Iterator[Opened]:
    with opening(browser, site / "index.html", ready=READY, beside=site) as found:
        yield found


def detail(opened: Opened, file: str) -> str:
    page = opened.go(f"#view=model&model={file}")
    page.wait_for_selector("text=Beside the others")
    return str(page.locator("#view-model").inner_text())


def test_numbers_stand_with_the_judges_name_and_what_they_are_worth(opened: Opened, site: Path) -> None:
    text = detail(opened, JUDGED)
    assert "Degree of Contrast, by lab/fair" in text and "Unvalidated: one model's opinion" in text
    assert "Another judge gives another number" in text and "It never counts for a rank" in text
    rows = opened.page.locator(".judged tbody tr")
    assert rows.locator("th").all_inner_texts()[:2] == ["doc_rating", "doc_null_none"]
    (name, (mean, low, high), n) = data_of(site, f"entry-{JUDGED}")["doc"]["rows"][JUDGED_TASK][0]
    assert name == "doc_rating" and n < 64
    shown = rows.first.locator("td").all_inner_texts()
    assert shown[:2] == [f"{mean:.2f} [{low:.2f}, {high:.2f}]", str(n)]
    assert "judged model itself" not in text


def test_judge_of_itself_is_said_and_who_was_not_judged_has_no_part_of_it(opened: Opened) -> None:
    assert "By its name the judge is the judged model itself." in detail(opened, ITSELF)
    assert opened.page.locator(".judged tbody tr").count() == 7  # what the contrast alone gives
    assert "Degree of Contrast" not in detail(opened, ALONE)


def test_no_ranking_has_a_column_of_it(opened: Opened) -> None:
    page = opened.go()
    page.click("#chooser summary")
    assert not [name for name in page.locator("#columns label").all_inner_texts() if "doc" in name or "judge" in name]


def test_judges_name_with_markup_is_text(browser: Any, site: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "site"))
    data = data_of(copy, f"entry-{JUDGED}")
    data["doc"]["judge"] |= dict.fromkeys(("id", "revision", "backend", "date", "prompts"), HOSTILE)
    write_data(copy / DATA, f"entry-{JUDGED}", data)  # no validator lets it get so far
    with opening(browser, copy / "index.html", ready=READY, beside=copy) as opened:
        assert f"Degree of Contrast, by {HOSTILE}" in detail(opened, JUDGED)
        assert opened.page.locator("#view-model b, #view-model img").count() == 0
        assert opened.page.title() == "Reversed persona: the leaderboard"


@pytest.mark.parametrize(("width", "scheme"), [(380, "dark"), (1280, "light")])
def test_it_stands_out_and_does_not_run_off_the_side(browser: Any, site: Path, width: int, scheme: str) -> None:
    size = {"width": width, "height": 800}
    with opening(browser, site / "index.html", ready=READY, beside=site, viewport=size, color_scheme=scheme) as opened:
        detail(opened, JUDGED)
        assert opened.page.evaluate(CONTRAST) == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
