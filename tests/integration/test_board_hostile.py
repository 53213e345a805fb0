"""The board's page shows what nobody has checked as text: entries are handed to it past the validator."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import BOARD_READY, Opened, opening

from board_entries import make_entry, make_problem, make_run, write_site
from reversed_persona.leaderboard.board.decisions import Decision
from reversed_persona.leaderboard.board.records import Entry, file_of
from submission_files import sample_suite

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")

(TASK,) = sample_suite().core
TAKE = "document.title = 'taken'"
MARKUP = (
    f'</script><script>{TAKE}</script></textarea></style></title><img src=x onerror="{TAKE}"><svg onload="{TAKE}">'
    f"<a href='javascript:{TAKE}'>a</a>"
)
HOSTILE = f"{MARKUP} <!-- ]]> {{{{ 7 * 7 }}}} \u2028\u2029 & &lt;b&gt; \" ' \\u003c \U0001f393 \u202eabc \ud800"
LONG = "w" * 500
URLS = {
    "script": f"javascript:{TAKE}",
    "data": f"data:text/html,<script>{TAKE}</script>",
    "spaced": f" \tjavascript:{TAKE}",
    "broken": f'https://example.org/" onmouseover="{TAKE}',
    "other": "//example.org/",
}
VIEWS = ("ranking", "plots", "matrix", "model", "pair", "decisions", "about", "add")


def decision(text: str) -> Decision:
    return Decision.model_construct(
        submission=text, decision="accept", tier=None, date=date(2026, 12, 1), by=text, reason=text
    )


def entry(name: str, text: str, url: str | None = None) -> Entry:
    """An entry that says one text wherever it can say any."""
    model = f"org/{name}{text}"
    made = make_entry(model, make_run(TASK, none="cc", high="cw", low="wu"), decisions=[decision(text)])
    said = ("revision", "licence", "backend", "lm_eval_version", "reversed_persona_version", "git_hash", "command")
    facts = {**made.facts, **dict.fromkeys((*said, "trained_on_benchmark", "submitter", "note", "date"), text)}
    return replace(made, file=file_of(name, "standard"), submission=text, older=[text], facts={**facts, "url": url})


def write(folder: Path, text: str) -> Path:
    entries = [entry("first", text), *(entry(name, text, url) for name, url in URLS.items())]
    problems = [make_problem(0) | {"problem_id": f"p0{text}", "question": text, "gold": text, "subject": text}]
    problems.append(make_problem(1))
    response = f"{text}\nFinal answer: 7"
    return write_site(folder, entries, problems=problems, response=response, removed={text: [decision(text)]})


def address(view: str) -> str:
    first, other = file_of("first", "standard"), file_of("script", "standard")
    more = {"model": f"&model={first}", "pair": f"&one={first}&other={other}&filter=all"}
    return f"#view={view}{more.get(view, '')}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("hostile") / "site", HOSTILE)


@pytest.fixture(scope="module")
def opened(browser: Any, hostile: Path) -> Iterator[Opened]:
    with opening(browser, hostile, ready=BOARD_READY, beside=hostile.parent) as found:
        yield found


def test_nothing_runs_and_nothing_is_asked_for_in_any_view(opened: Opened) -> None:
    for view in VIEWS:
        page = opened.go(address(view))
        page.wait_for_timeout(150)
        page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
        assert page.title() == "Reversed persona: the leaderboard", view
        # of the page's own, an image is drawn as svg without a script in it
        assert (
            page.locator("main img, main script, main textarea, main style, main [onload], main [onerror]").count() == 0
        )
        assert page.locator("[href^='javascript:' i], [href^='data:text' i]").count() == 0
        assert page.locator("#trouble").is_hidden()


def test_texts_stand_as_they_are_in_each_view(opened: Opened) -> None:
    def text(view: str, selector: str) -> str:
        page = opened.go(address(view) + "&columns=licence,command,submitter,revision,commit,backend,lm-eval")
        page.wait_for_selector(selector)
        return str(page.locator(selector).first.text_content())

    row = text("ranking", "#ranking tr[data-file]")
    assert row.count(HOSTILE) == 8  # its name, and seven columns
    assert text("model", "#model-title") == f"org/first{HOSTILE}"
    about = text("model", "#model")
    assert about.count(HOSTILE) >= 10
    assert text("pair", "#question .problem").count(HOSTILE) == 3  # question, gold, subject
    assert HOSTILE in text("pair", "#question .answer .text")
    assert text("decisions", "#view-decisions").count(HOSTILE.replace("\ud800", "?")) >= 6


@pytest.mark.parametrize("name", URLS)
def test_only_web_addresses_become_links(opened: Opened, name: str) -> None:
    page = opened.go(f"#view=model&model={file_of(name, 'standard')}")
    page.wait_for_selector("#model dl")
    links = page.locator("#model dl a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert links == ([URLS[name]] if name == "broken" else [])
    assert page.locator("[onmouseover]").count() == 0


def test_a_spreadsheet_gets_no_formula(browser: Any, tmp_path: Path) -> None:
    formula = replace(entry("first", ""), model="=1+1")
    page_file = write_site(tmp_path / "site", [formula], problems=[make_problem(0), make_problem(1)])
    with opening(browser, page_file, ready=BOARD_READY, beside=page_file.parent) as opened:
        page = opened.go("#columns=licence")
        with page.expect_download() as waiting:
            page.click("#download")
        assert Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()[1].startswith("'=1+1,")


def test_a_word_of_five_hundred_letters_does_not_widen_a_phone(browser: Any, tmp_path: Path) -> None:
    page_file = write(tmp_path / "site", LONG)
    size = {"width": 380, "height": 800}
    with opening(browser, page_file, ready=BOARD_READY, beside=page_file.parent, viewport=size) as opened:
        for view in VIEWS:
            page = opened.go(address(view))
            page.wait_for_timeout(150)
            page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= 380, view
