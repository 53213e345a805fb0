"""`reversed-persona power`: numbers for a plan, and one line for a plan that makes no sense."""

import json

import pytest

from reversed_persona.cli import main


def planned(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    assert main(["power", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["tables"][0]["rows"]


def test_both_problem_sets_and_their_mean_are_planned_where_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    gsm8k, math500, both = planned(capsys)
    assert (both["questions"], both["n"]) == ("R", 1819)
    assert both["smallest difference"] < gsm8k["smallest difference"]
    assert (gsm8k["n"], math500["n"]) == (1319, 500)
    assert gsm8k["reversal"] == pytest.approx(0.9 + 0.5 - 1)
    assert gsm8k["interval width"] < math500["interval width"]
    assert gsm8k["smallest difference"] < math500["smallest difference"]


def test_width_is_little_more_than_that_of_the_normal_interval_where_that_is_good(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # +1 with 0.9 * 0.5 = 0.45, -1 with 0.1 * 0.5 = 0.05: variance 0.5 - 0.4^2 = 0.34; 2 * 1.96 * sqrt(0.34 / 2000)
    (plan,) = planned(capsys, "2000")
    assert 0.0511 < plan["interval width"] < 1.03 * 0.0511
    assert 0.93 < plan["intervals that hold the truth"] < 0.97


def test_models_that_fare_alike_are_told_apart_more_easily(capsys: pytest.CaptureFixture[str]) -> None:
    (unrelated,), (alike,) = planned(capsys, "500"), planned(capsys, "500", "--shared", "0.7")
    assert alike["smallest difference"] < unrelated["smallest difference"]


def test_each_problem_set_has_accuracies_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assumed = ["--acc-high", "0.95,0.6", "--acc-low", "0.8,0.3", "--runs", "50"]
    gsm8k, math500, both = planned(capsys, *assumed)
    assert gsm8k["reversal"] == pytest.approx(0.95 + 0.2 - 1)
    assert math500["reversal"] == pytest.approx(0.6 + 0.7 - 1)
    assert both["reversal"] == pytest.approx((0.15 + 0.3) / 2)
    by_name = planned(capsys, "math500", "gsm8k", *assumed)  # in the order in which they are named
    assert by_name[0]["reversal"] == pytest.approx(0.15)


def test_one_problem_set_has_no_mean(capsys: pytest.CaptureFixture[str]) -> None:
    assert [plan["questions"] for plan in planned(capsys, "gsm8k", "100", "--runs", "50")] == ["gsm8k", None]


def test_difference_that_no_run_finds_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    (plan,) = planned(capsys, "2")
    assert plan["smallest difference"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["100", "--runs", "2000000"], "expected n from 2, runs from 1, both to 1,000,000"),
        (["many"], "N: got 'many'; expected a number or one of gsm8k, math500"),
        (["1"], "expected n from 2"),
        (["100", "--acc-low", "0.9", "--unanswered-low", "0.3"], "wrong as low is 1 - acc_low - unanswered_low"),
        (["100", "--acc-high", "1.5"], "acc_high: got 1.5"),
        (["--acc-high", "0.9,0.8,0.7"], "--acc-high: got 3 numbers for 2 N (gsm8k, math500); expected one, or one for"),
    ],
)
def test_plan_without_sense_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    assert main(["power", *arguments]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert says in said
