"""What several test files share."""

from pathlib import Path

import pytest

from reversed_persona.answers.equality import symbolic
from reversed_persona.problem_sources import PROBLEMS_VARIABLE

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests independent of the user's environment."""
    monkeypatch.delenv(PROBLEMS_VARIABLE, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # for the processes that tests start
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real GSM8K and MATH data beside the checkout, or skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real datasets are not beside this checkout")
    return SHARED_DATA


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give comparisons time: whether they are right must not depend on how busy the machine is."""
    monkeypatch.setattr(symbolic._worker, "deadline_s", 5.0)
