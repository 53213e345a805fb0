"""Self-refinement by respondents of known truth: each shows in the deltas as it should."""

from pathlib import Path

import pytest

from refine_runs import LAZY, REFINER, SAMPLE, logs, rows, run, scores


class TestRespondentsOfKnownTruth:
    def test_one_that_refines_well_shows_in_the_refined_arm_and_in_the_difference(self, tmp_path: Path) -> None:
        assert run(tmp_path, REFINER, "--refine", "1") == 0
        (path,) = logs(tmp_path)
        found = scores(path)
        # before: 1 + 0.25 - 1 = 0.25; refined: 1 + 1 - 1 = 1; checked: 0.25 as before
        assert (found["reversal_refined"], found["reversal_checked"]) == (1, 0.25)
        assert (found["delta_reversal_refined"], found["delta_reversal_checked"]) == (0.75, 0)
        assert found["delta_reversal"] == 0.75
        # 48 questions changed by 1 and 16 by 0: variance 0.75 * 0.25 * 64/63 over 64 questions
        assert found["delta_reversal_stderr"] == pytest.approx((0.75 * 0.25 / 63) ** 0.5)

    def test_one_that_repeats_its_answers_has_every_delta_exactly_0(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--refine", "1") == 0
        found = scores(logs(tmp_path)[0])
        deltas = {name: value for name, value in found.items() if name.startswith("delta_")}
        assert len(deltas) == 6
        assert set(deltas.values()) == {0.0}

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_one_that_resamples_shows_no_more_than_noise(self, tmp_path: Path, seed: int) -> None:
        assert run(tmp_path, f"accuracy=0.5,coupled=false,exact=false,seed={seed}", "--refine", "1") == 0
        found = scores(logs(tmp_path)[0])
        for name in ("delta_reversal", "delta_reversal_refined", "delta_reversal_checked"):
            assert found[f"{name}_stderr"] > 0.05
            assert abs(found[name]) < 3 * found[f"{name}_stderr"], name

    def test_of_answers_that_were_right_a_resampler_seems_to_refine_and_over_all_it_does_not(
        self, tmp_path: Path
    ) -> None:
        # why the deltas are over all questions
        assert run(tmp_path, "accuracy=0.5,coupled=false,exact=false", "--refine", "1") == 0
        first = {row["doc"]["problem_id"]: row for row in rows(logs(tmp_path, SAMPLE)[0])}
        again = rows(logs(tmp_path)[0])
        right = [row for row in again if first[row["doc"]["problem_id"]]["acc_low"] == 1]
        mean = sum(1 - row["acc_low_refined"] for row in right) / len(right)
        assert mean > 0.3  # about 0.5: as low, wrong where it had been right

    def test_one_that_refines_as_any_second_look_does_has_no_difference(self, tmp_path: Path) -> None:
        assert run(tmp_path, "high=1.0,low=0.75,low_refined=0.25,low_checked=0.25", "--refine", "1") == 0
        found = scores(logs(tmp_path)[0])
        assert (found["delta_reversal_refined"], found["delta_reversal_checked"]) == (0.5, 0.5)
        assert found["delta_reversal"] == 0
