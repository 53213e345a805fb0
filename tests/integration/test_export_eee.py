"""Every Eval Ever's own validator on what `export eee` writes.

`make test` fetches its wheel, and the validator runs from there: the package asks for a newer Python than this one, and
for much that its validator does not need.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reversed_persona.leaderboard.export.eee import Publisher, write_records
from test_export import read, run_in

WHEELS = Path(__file__).parents[2] / ".venv" / "every_eval_ever"


def test_records_and_answers_pass_its_validator_without_a_warning(tmp_path: Path) -> None:
    wheels = [*WHEELS.glob("every_eval_ever-*.whl")]
    if not wheels:
        pytest.skip(f"{WHEELS} holds no wheel of every-eval-ever; `make test` fetches it where the registry has it")
    run = read(run_in(tmp_path / "run"))
    publisher = Publisher("Some Lab", "third_party", url="https://example.org")
    write_records([run], {run.model: "org/model"}, publisher, tmp_path / "out", instances=True)
    files = [str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.json*")]
    assert len(files) == 2
    validated = subprocess.run(
        [sys.executable, "-c", "from every_eval_ever.validator.validate import main; raise SystemExit(main())", *files],
        cwd=tmp_path / "out",
        env={**os.environ, "PYTHONPATH": str(wheels[-1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert validated.returncode == 0, validated.stdout + validated.stderr  # 2: warnings
    assert "2 passed" in validated.stdout
