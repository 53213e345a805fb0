"""What the integration tests share."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny random model; tests that use it are marked needs_torch."""
    from tiny_model import CHAT_TEMPLATE, build_model

    return build_model(tmp_path_factory.mktemp("model"), CHAT_TEMPLATE)


@pytest.fixture(scope="session")
def actor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny model that answers the first three problems right, and wrong as the low-performing student."""
    from chat_server import known_text
    from tiny_model import CHAT_TEMPLATE, build_model, teach

    from reversed_persona.backends import load_reader
    from reversed_persona.rendering import load_tasks, task_prompts

    folder = build_model(tmp_path_factory.mktemp("actor"), CHAT_TEMPLATE)
    reader = load_reader("hf", {"pretrained": str(folder)})
    assert reader is not None
    task = load_tasks(["sample_reversed_persona"], {})["sample_reversed_persona"]
    prompts = [prompt for doc in list(task.eval_docs)[:3] for prompt in task_prompts(task, doc, reader.chat)]
    return teach(folder, {prompt: known_text(prompt) for prompt in prompts})


@pytest.fixture
def made_up_problems(tmp_path: Path) -> Path:
    """Return a folder with problem sets of the right size and shape, and none of the originals' text."""
    folder = tmp_path / "problems"
    gsm8k: list[dict[str, Any]] = [
        {
            "question": f"Ann has {i} nuts and finds 2 more. How many nuts has she?",
            "answer": f"{i}+2=<<{i}+2={i + 2}>>\n#### {i + 2}",
        }
        for i in range(1319)
    ]
    math500: list[dict[str, Any]] = [
        {"problem": f"What is ${i}+3$?", "solution": f"${i + 3}$", "answer": f"{i + 3}", "subject": "Algebra",
         "level": 1, "unique_id": f"test/algebra/{i}.json"}
        for i in range(500)
    ]  # fmt: skip
    for name, rows in (("gsm8k", gsm8k), ("math500", math500)):
        (folder / name).mkdir(parents=True)
        (folder / name / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the system's chromium, else the one that playwright brought."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra `dev`)")
    with playwright.sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        try:
            started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except playwright.Error as error:
            if found:
                raise
            pytest.skip(f"no chromium here: {str(error).splitlines()[0]}")
        yield started
        started.close()
