"""Places and differences of entries: those that the statistics give, of whole runs with the benchmark's prompts."""

import numpy as np
import pytest

from board_entries import make_entry, make_run
from reversed_persona.comparison.table import RankRange
from reversed_persona.leaderboard.board.measuring import OVERALL
from reversed_persona.leaderboard.board.standings import standings
from reversed_persona.leaderboard.board.tables import board_tables, view_columns, view_names, view_rows
from reversed_persona.statistics.intervals import combined_interval, interval_of
from reversed_persona.statistics.ranks import rank_models
from reversed_persona.statistics.tests import benjamini_hochberg

CORE = ["one", "other"]
N = 40


def entry(model: str, right_as_low: int, *, kind: str = "standard", tasks: list[str] = CORE):
    """An entry that is right as high throughout, and on so many questions as low: its reversal is 1 - share."""
    low = "c" * right_as_low + "w" * (N - right_as_low)
    runs = [make_run(task, none="c" * N, high="c" * N, low=low, reference=kind == "reference") for task in tasks]
    return make_entry(model, *runs, core=CORE, kind=kind)


GOOD, MIDDLE, POOR = entry("org/good", 0), entry("org/middle", 20), entry("org/poor", 40)
CUSTOM, SILENT = entry("org/custom", 0, kind="custom"), entry("silent", 40, kind="reference")
ENTRIES = [GOOD, MIDDLE, POOR, CUSTOM, SILENT]
MODELS = [GOOD, MIDDLE, POOR]


def beside(entries, task):
    return np.stack([one.measured.reversals[task] for one in entries], axis=1)


class TestStandings:
    def test_places_are_those_of_the_ranking_over_the_core(self) -> None:
        standing = standings(ENTRIES, CORE)[OVERALL]
        ranking = rank_models([beside(MODELS, task) for task in CORE])
        assert standing.ranked == [one.file for one in MODELS]
        for at, one in enumerate(MODELS):
            assert standing.place(one.file) == RankRange(int(ranking.first[at]), int(ranking.last[at]))
        assert [standing.place(one.file) for one in MODELS] == [RankRange(n, n) for n in (1, 2, 3)]

    def test_custom_ones_and_references_have_no_place_but_can_be_compared(self) -> None:
        standing = standings(ENTRIES, CORE)[OVERALL]
        for one in (CUSTOM, SILENT):
            assert standing.place(one.file) is None
            assert standing.against(one.file) == ""
            assert standing.pair(one.file, GOOD.file).p is None
        assert standing.pair(CUSTOM.file, GOOD.file).difference.estimate == 0
        # 0 - 1 in both tasks
        assert standing.pair(SILENT.file, GOOD.file).difference.estimate == -1

    def test_signs_say_who_is_better(self) -> None:
        standing = standings(ENTRIES, CORE)[OVERALL]
        assert [standing.against(one.file) for one in MODELS] == ["=++", "-=+", "--="]

    def test_entries_alike_are_not_separated(self) -> None:
        twins = [GOOD, entry("org/twin", 0)]
        standing = standings(twins, CORE)[OVERALL]
        assert [standing.against(one.file) for one in twins] == ["==", "=="]
        assert [standing.place(one.file) for one in twins] == [RankRange(1, 2), RankRange(1, 2)]

    def test_pairs_are_those_of_the_statistics(self) -> None:
        standing = standings(ENTRIES, CORE, seed=3)[OVERALL]
        ranking = rank_models([beside(MODELS, task) for task in CORE], seed=3)
        pair = standing.pair(MIDDLE.file, POOR.file)
        of_tasks = [
            interval_of(MIDDLE.measured.reversals[task] - POOR.measured.reversals[task], differences=True)
            for task in CORE
        ]
        assert pair.difference == pytest.approx(combined_interval(*of_tasks))
        assert pair.p == ranking.p[1, 2]
        assert standing.pair(POOR.file, MIDDLE.file).difference == pytest.approx(
            (-pair.difference.estimate, -pair.difference.high, -pair.difference.low)
        )

    def test_each_task_has_a_standing_of_those_that_ran_it(self) -> None:
        partly = entry("org/partly", 10, tasks=["one", "third"])
        found = standings([*ENTRIES, partly], CORE)
        assert list(found) == [OVERALL, "one", "other", "third"]
        assert partly.file not in found[OVERALL].files
        assert partly.file in found["one"].ranked
        assert found["third"].ranked == [partly.file]
        assert found["third"].place(partly.file) == RankRange(1, 1)

    def test_without_models_nobody_has_a_place(self) -> None:
        standing = standings([SILENT, CUSTOM], CORE)[OVERALL]
        assert (standing.ranked, standing.ranking) == ([], None)
        assert standing.pair(CUSTOM.file, SILENT.file).difference.estimate == 1

    def test_of_nothing_there_are_none(self) -> None:
        assert standings([], CORE) == {}

    def test_an_entry_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            standings(ENTRIES, CORE)[OVERALL].pair(GOOD.file, "nobody")


class TestTables:
    def test_the_core_comes_first(self) -> None:
        partly = entry("org/partly", 10, tasks=["another", "other", "one"])
        assert view_names([partly], CORE) == [OVERALL, "one", "other", "another"]
        assert view_names([], CORE) == []

    def test_exploratory_p_values_are_adjusted_over_the_models_alone(self) -> None:
        rows = view_rows("one", ENTRIES)
        tested = [one for one in ENTRIES if one.kind != "reference"]
        expected = benjamini_hochberg([one.measured.rows["one"]["p"] for one in tested])
        assert [rows[one.file]["p_bh"] for one in tested] == list(expected)
        assert rows[SILENT.file].get("p_bh") is None
        assert "p_bh" in MIDDLE.measured.rows["one"]  # the entry's own row stays as it was

    def test_columns_are_those_in_which_something_was_measured(self) -> None:
        columns = view_columns("one", ENTRIES)
        assert columns[:2] == ["n", "reversal"]
        assert {"model", "rank"} & {*columns} == set()
        assert "acc_none" in columns
        assert "acc_none" not in view_columns("one", [make_entry("org/two", make_run("one", high="cc", low="cw"))])
        assert view_columns("nothing", ENTRIES) == []

    def test_rows_of_files_say_who_and_where_from(self) -> None:
        table, *_ = board_tables(ENTRIES, standings(ENTRIES, CORE), CORE)
        assert table.columns[:5] == ("model", "kind", "tier", "rank", "R")
        good, *_, silent = table.rows
        assert (good["model"], good["kind"], good["rank"], good["licence"]) == (
            "org/good",
            "standard",
            RankRange(1, 1),
            "mit",
        )
        assert (silent["model"], silent["kind"], silent["rank"], silent["submission"]) == (
            "silent",
            "reference",
            None,
            None,
        )
