import json
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.errors import SettingsError
from reversed_persona.judging.agreement import Agreement, Ratings, agreement, kappa, read_ratings
from reversed_persona.judging.judged_ratings import read_judged
from reversed_persona.judging.reading import Judgement

HEAD = "item,rater,kind,rating\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rated(*ratings: int) -> dict[str, int]:
    return {f"item-{n}": rating for n, rating in enumerate(ratings)}


class TestKappa:
    def test_quadratic_weights_by_hand(self) -> None:
        # observed: one disagreement of 1, so 1/5. By chance: 55/5 + 46/5 - 2 * 15/5 * 14/5 = 3.4. 1 - 0.2/3.4
        assert kappa([1, 2, 3, 4, 5], [1, 2, 3, 4, 4], "quadratic") == pytest.approx(1 - 0.2 / 3.4)

    def test_linear_weights_by_hand(self) -> None:
        # by chance the distances to 1, 2, 3, 4, 4 add up to 10 + 7 + 6 + 7 + 7 = 37 in 25 pairs. 1 - 0.2/1.48
        assert kappa([1, 2, 3, 4, 5], [1, 2, 3, 4, 4], "linear") == pytest.approx(1 - 0.2 / 1.48)

    def test_full_agreement_is_1_and_opposite_below_0(self) -> None:
        assert kappa([1, 3, 5], [1, 3, 5], "quadratic") == 1
        assert kappa([1, 3, 5], [5, 3, 1], "quadratic") == -1

    def test_always_the_same_rating_is_at_chance_against_another(self) -> None:
        assert kappa([3, 3, 3], [1, 3, 5], "quadratic") == 0

    def test_both_always_the_same_rating_is_undefined(self) -> None:
        assert kappa([3, 3], [3, 3], "quadratic") is None

    @pytest.mark.parametrize(("one", "other"), [([], []), ([1], [1, 2])])
    def test_unpaired_ratings_are_an_error(self, one: list[int], other: list[int]) -> None:
        with pytest.raises(ValueError, match="expected as many of each"):
            kappa(one, other, "linear")


class TestAgreement:
    def test_judge_is_held_against_each_human_and_their_mean(self) -> None:
        ratings = Ratings(
            humans={"ann": rated(1, 2, 3, 4, 4), "bob": rated(1, 2, 3, 4, 5)}, judges={"j": rated(1, 2, 3, 4, 5)}
        )
        found = agreement(ratings, draws=0)
        near = pytest.approx(1 - 0.2 / 3.4)
        assert [(pair.rater, pair.other, pair.n, pair.quadratic) for pair in found] == [
            ("j", "ann", 5, near),
            ("j", "bob", 5, 1.0),
            ("j", "all humans", 5, pytest.approx((1 - 0.2 / 3.4 + 1) / 2)),
            ("ann, bob", "each other", 5, near),
        ]
        assert found[2].interval is None

    def test_only_items_in_common_count(self) -> None:
        ratings = Ratings(humans={"ann": rated(1, 5, 3)}, judges={"j": {**rated(1, 5), "another": 1}})
        assert {pair.n for pair in agreement(ratings, draws=0)} == {2}

    def test_rating_both_orders_alike_makes_the_interval_no_narrower(self) -> None:
        judge, ann = [1, 2, 3, 4, 5, 3, 2, 4], [1, 2, 3, 5, 4, 3, 1, 4]

        def interval(orders: str) -> tuple[float, float] | None:
            judged, rated = (
                {f"q{k}/{order}": rating for k, rating in enumerate(given) for order in orders}
                for given in (judge, ann)
            )
            return agreement(Ratings({"ann": rated}, {"j": judged}), draws=200)[1].interval

        assert interval("ab") == interval("a") is not None

    def test_interval_holds_the_estimate_and_depends_on_the_seed_only(self) -> None:
        ratings = Ratings(
            humans={"ann": rated(*[1, 2, 3, 4, 5] * 6)}, judges={"j": rated(*[1, 3, 3, 5, 4] * 5, 1, 1, 2, 2, 5)}
        )
        one, again, other = (agreement(ratings, draws=200, seed=seed)[1] for seed in (1, 1, 2))
        assert one.interval == again.interval != other.interval
        assert one.interval is not None and one.quadratic is not None
        assert -1 <= one.interval[0] < one.quadratic < one.interval[1] <= 1

    @pytest.mark.parametrize(
        "ratings",
        [
            Ratings({}, {}),
            Ratings({"ann": rated(1, 2)}, {}),
            Ratings({}, {"j": rated(1, 2), "k": rated(1, 2)}),
        ],
    )
    def test_too_few_raters_are_refused(self, ratings: Ratings) -> None:
        with pytest.raises(SettingsError, match="expected at least one person, and a judge or another person"):
            agreement(ratings)

    def test_nothing_in_common_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="no two raters rated 2 items in common"):
            agreement(Ratings({"ann": rated(1)}, {"j": rated(1)}))


class TestReadRatings:
    def test_spaces_order_of_columns_and_a_byte_order_mark_don_t_matter(self, tmp_path: Path) -> None:
        path = written(tmp_path, "\ufeffrating,note,kind,rater,item\n 4 ,x,human,ann,a/1\n3,,judge,j,a/1\n")
        assert read_ratings(path) == Ratings({"ann": {"a/1": 4}}, {"j": {"a/1": 3}})

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "line 1: no column 'item' in an empty file; expected item,rater,kind,rating"),
            ("items,rater,kind,rating\n", "no column 'item' in .*; did you mean 'items'"),
            (HEAD + "a,ann,human,4\na,ann,human,5\n", "line 3: 'ann' rated 'a' before"),
            (HEAD + "a,ann,human,6\n", "line 2: rating: got '6'; expected a whole number from 1 to 5"),
            (HEAD + "a,ann,human,3.5\n", "line 2: rating: got '3.5'"),
            (HEAD + "a,ann,human,٣\n", "line 2: rating"),
            (HEAD + "a,ann,person,3\n", "line 2: kind: got 'person'; expected human or judge"),
            (HEAD + "a,ann,human\n", "line 2: .*expected one value in each column"),
            (HEAD + "a,ann,human,3,4\n", "line 2: .*expected one value in each column"),
            (HEAD + ",ann,human,3\n", "line 2: .*expected one value in each column"),
            (HEAD + "a,x,human,3\nb,x,judge,3\n", "'x' is both human and judge"),
            (HEAD + 'a,"ann,human,3\n', "cannot be read"),
        ],
    )
    def test_malformed_file_is_named_with_its_line(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(SettingsError, match=says):
            read_ratings(written(tmp_path, text))

    def test_file_in_another_encoding_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "ratings.csv"
        path.write_bytes(HEAD.encode() + b"\xff\xfe,ann,human,3\n")
        with pytest.raises(SettingsError, match="expected a CSV file in UTF-8"):
            read_ratings(path)


class TestCommand:
    def test_it_prints_a_table_with_the_seed(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = [
            f"i{n},{rater},{kind},{n % 5 + 1}" for n in range(10) for rater, kind in (("ann", "human"), ("j", "judge"))
        ]
        assert main(["judge-agreement", str(written(tmp_path, HEAD + "\n".join(rows) + "\n"))]) == 0
        out = capsys.readouterr().out.splitlines()
        assert out[0].split() == ["rater", "with", "n", "quadratic", "linear", "95", "%", "interval"]
        assert out[1].split() == ["j", "ann", "10", "1.000", "1.000"]
        assert out[2].split()[:4] == ["j", "all", "humans", "10"]
        assert "1000 draws, seed 0" in out[3]
        assert "One person only" in out[4]

    def test_judges_ratings_come_from_its_sample_log(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        replies = {f"p{n}": Judgement(n % 5 + 1, "A") for n in range(6)} | {"p6": Judgement(None, None, "no_rating")}
        log = tmp_path / "lab__judge" / "samples_judge_reversed_persona_sample_x.jsonl"
        log.parent.mkdir()
        log.write_text(
            "".join(
                json.dumps({"doc": {"problem_id": name}, "filtered_resps": [[reply.to_json("contrast_low_first")]]})
                + "\n"
                for name, reply in replies.items()
            ),
            encoding="utf-8",
        )
        people = HEAD + "".join(f"p{n}/contrast_low_first,ann,human,{n % 5 + 1}\n" for n in range(7))
        assert main(["judge-agreement", str(written(tmp_path, people)), "--judged", str(log)]) == 0
        # the unrated one is left out: 6 items
        assert capsys.readouterr().out.splitlines()[1].split()[:4] == ["lab__judge", "ann", "6", "1.000"]
        assert main(["judge-agreement", str(written(tmp_path, people)), "--judged", str(log), str(log)]) == 2

    @pytest.mark.parametrize("text", ["{", "[]\n", '{"doc": {}}\n', '{"filtered_resps": [["x"]], "doc": {}}\n'])
    def test_other_files_than_a_judges_log_are_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(SettingsError, match=r"line 1: .*expected a judge task's sample log"):
            read_judged(written(tmp_path, text))

    def test_missing_file_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["judge-agreement", str(tmp_path / "none.csv")]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_undefined_kappa_is_a_dash_and_explained(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = written(tmp_path, HEAD + "".join(f"i{n},{r},human,3\n" for n in range(3) for r in ("ann", "bob")))
        assert main(["judge-agreement", str(path)]) == 0
        out = capsys.readouterr().out
        assert out.splitlines()[1].split() == ["ann,", "bob", "each", "other", "3", "-", "-"]
        assert "undefined" in out and "No judge" in out


def test_agreement_is_a_plain_record() -> None:
    assert Agreement("j", "ann", 5, 1.0, 1.0).interval is None
