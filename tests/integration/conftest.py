"""What the integration tests share."""

from pathlib import Path

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
