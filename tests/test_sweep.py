"""The driver of sweeps on this machine; the commands are stand-ins for lm-eval, the processes are real."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.errors import OutputError, SettingsError
from reversed_persona.sweep.driver import Ended, complete_before, drive, only_driver
from reversed_persona.sweep.folders import is_locked, last_line, read_outcome, read_state, write_outcome
from reversed_persona.sweep.local import LocalPlace, choose_devices
from reversed_persona.sweep.progress import Reporter, remaining_s, spoken
from sweep_runs import Silent, begun, driver, stand_in, stand_in_runs, wait_for


class TestDrive:
    def test_one_failure_stops_no_other_and_the_next_start_runs_just_that(self, tmp_path: Path) -> None:
        names = ["a", "bad", "c", "d"]
        ended = drive(stand_in_runs(tmp_path, names, 0), LocalPlace([], 2), Silent())
        assert {one.run.model: one.state for one in ended} == {
            "a": "complete", "bad": "failed", "c": "complete", "d": "complete",
        }  # fmt: skip
        assert next(one.said for one in ended if one.state == "failed") == "the model is not there"
        mended = [stand_in(tmp_path, name) for name in names]
        left = [run for run in mended if not complete_before(run)]
        assert [run.model for run in left] == ["bad"]
        assert [one.state for one in drive(left, LocalPlace([], 2), Silent())] == ["complete"]
        assert [begun(tmp_path, name) for name in names] == [1, 2, 1, 1]

    def test_killed_driver_is_followed_by_one_that_waits_for_what_runs(self, tmp_path: Path) -> None:
        names = ["a", "b", "bad", "c"]
        first = driver(tmp_path, "local", 3, names)
        wait_for(lambda: begun(tmp_path, "a") + begun(tmp_path, "b") == 2)
        first.send_signal(signal.SIGKILL)
        first.wait()
        out, _ = driver(tmp_path, "local", 3, names).communicate(timeout=120)
        assert {line.split()[0]: line.split()[1] for line in out.splitlines()} == {
            "a": "complete", "b": "complete", "bad": "failed", "c": "complete",
        }  # fmt: skip
        assert [begun(tmp_path, name) for name in names] == [1, 1, 1, 1]

    def test_each_run_has_gpus_of_its_own(self, tmp_path: Path) -> None:
        runs = [stand_in(tmp_path, name, 1, gpus=gpus) for name, gpus in (("a", 1), ("b", 2), ("c", 1), ("none", 0))]
        drive(runs, LocalPlace(["0", "1", "2", "3"], 1), Silent())
        given = {run.model: (run.folder / "began.txt").read_text().strip() for run in runs}
        assert given == {"b": "0,1", "a": "2", "c": "3", "none": ""}

    def test_command_that_is_not_there_has_failed(self, tmp_path: Path) -> None:
        run = stand_in(tmp_path, "a")
        (ended,) = drive([type(run)(**{**run.__dict__, "command": ("/nowhere/at/all",)})], LocalPlace([], 1), Silent())
        assert (ended.state, ended.said) == ("failed", "cannot start /nowhere/at/all: No such file or directory")

    def test_run_that_leaves_no_results_has_failed(self, tmp_path: Path) -> None:
        run = stand_in(tmp_path, "a")
        command = (sys.executable, "-c", "print('fine')")
        (ended,) = drive([type(run)(**{**run.__dict__, "command": command})], LocalPlace([], 1), Silent())
        assert ended.state == "failed"
        assert "left no results" in ended.said

    def test_no_runs_are_brought_to_their_end_at_once(self) -> None:
        assert drive([], LocalPlace([], 1), Silent()) == []

    def test_interrupting_stops_the_command_and_what_it_started(self, tmp_path: Path) -> None:
        place, run = LocalPlace([], 1), stand_in(tmp_path, "a", 60)
        assert place.start(run)
        wait_for(lambda: begun(tmp_path, "a") == 1)
        child = read_state(run.folder)["child"]
        place.interrupt()
        outcome = read_outcome(run.folder)
        assert outcome is not None
        assert outcome.stopped
        assert not is_locked(run.folder)
        assert not Path(f"/proc/{child}").exists()


class TestComplete:
    def test_results_that_are_gone_or_damaged_are_run_again(self, tmp_path: Path) -> None:
        run = stand_in(tmp_path, "a")
        drive([run], LocalPlace([], 1), Silent())
        assert complete_before(run)
        (results,) = run.folder.rglob("results_*.json")
        results.write_text('{"results"')
        assert complete_before(run) is None
        results.unlink()
        assert complete_before(run) is None

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"code": "x"}', '{"code": 0}'])
    def test_damaged_outcome_is_none(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "outcome.json").write_text(text)
        assert read_outcome(tmp_path) is None
        write_outcome(tmp_path, None)
        assert not (tmp_path / "outcome.json").exists()


class TestOnlyDriver:
    def test_second_driver_is_refused_and_told_who_is_at_work(self, tmp_path: Path) -> None:
        with only_driver(tmp_path, print):
            code = (
                f"from pathlib import Path\nfrom reversed_persona.sweep.driver import only_driver\n"
                f"with only_driver(Path({str(tmp_path)!r}), print): pass"
            )
            ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "works on this sweep; wait for it or stop it" in ran.stderr
        with only_driver(tmp_path, print):  # it is free again
            pass

    def test_place_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match="cannot be written to"), only_driver(tmp_path / "file", print):
            pass


class TestChooseDevices:
    def test_neighbours_are_taken_first(self) -> None:
        assert choose_devices("0123", "0123", 2) == ["0", "1"]
        assert choose_devices("0123", "123", 2) == ["2", "3"]
        assert choose_devices("0123", "12", 2) == ["1", "2"]  # no pair is free, but two are

    def test_too_few_is_none_and_none_needed_is_none_taken(self) -> None:
        assert choose_devices("01", "1", 2) is None
        assert choose_devices("", "", 0) == []

    def test_more_than_the_machine_has_is_refused_before_anything_runs(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="needs 2 GPUs, and this machine has 1 to use"):
            LocalPlace(["0"], 1).check([stand_in(tmp_path, "a", gpus=2)])


class TestLastLine:
    def test_progress_bars_escapes_and_blank_lines_are_passed_over(self, tmp_path: Path) -> None:
        log = tmp_path / "log.txt"
        log.write_bytes(b"first\n 10%\r 90%\r\x1b[31mit broke\x1b[0m\x07\n\n  \n")
        assert last_line(log) == "it broke"

    def test_nothing_said(self, tmp_path: Path) -> None:
        assert last_line(tmp_path / "nowhere") == ""
        (tmp_path / "log.txt").write_bytes(b"\n\n")
        assert last_line(tmp_path / "log.txt") == ""


class TestRemaining:
    def test_nothing_complete_tells_nothing(self) -> None:
        assert remaining_s({}, [("t", 5)], ["t"]) is None

    def test_work_is_shared_among_those_that_run_now(self) -> None:
        # two run, 40 and 60 s to go of 100; three of 100 wait: (40 + 60 + 300) / 2
        assert remaining_s({"t": [90, 110]}, [("t", 60), ("t", 40)], ["t"] * 3) == 200

    def test_no_run_ends_before_its_time(self) -> None:
        # the other is overdue: 0 to go, and 90 of 100
        assert remaining_s({"t": [100]}, [("t", 500), ("t", 10)], []) == 90

    def test_task_without_a_complete_run_is_expected_to_take_as_long_as_all(self) -> None:
        assert remaining_s({"t": [10, 30]}, [], ["other"]) == 20

    def test_spoken(self) -> None:
        said = [spoken(seconds) for seconds in (0, 99, 100, 5_940, 6_000, 7_260, 200_000)]
        assert said == ["0 s", "99 s", "2 min", "99 min", "1 h 40 min", "2 h 1 min", "2 d 7 h"]


GOOD = """\
tasks: [sample_reversed_persona]
options: {limit: 2, gen_kwargs: {max_gen_toks: 64}}
models:
  - name: one
    backend: simulated_student
    model_args: {model: one, low: 0.1}
"""


class TestReporter:
    def test_without_a_terminal_how_things_stand_is_said_once_for_each_round_in_which_a_run_ended(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        one, two, three = stand_in_runs(tmp_path, ["one", "bad", "three"], 0)
        with Reporter(3, []) as reporter:
            reporter.began(one, found=False)
            reporter.waiting([one], [two, three])
            reporter.over(Ended(one, "complete", 60.0))
            reporter.began(two, found=False)
            reporter.waiting([two], [three])
            reporter.waiting([two], [three])
            reporter.over(Ended(two, "failed", 1.0, "no such model"))
            reporter.began(three, found=False)
            reporter.waiting([three], [])
            reporter.over(Ended(three, "complete", 60.0))
            reporter.waiting([], [])
        said = [line.partition(" ")[2] for line in capsys.readouterr().err.splitlines()]
        assert [line for line in said if "done" in line] == [
            "1/3 done, 1 running, about 2 min left",  # 60 s of each of two, one at a time
            "2/3 done, 1 failed, 1 running, about 60 s left",
        ]


class TestFile:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (
                GOOD.replace("    backend", "    bakend"),
                "line 5: models[0].bakend: is no key here; expected one of name",
            ),
            (GOOD.replace("    backend", "    bakend"), "did you mean 'backend'?"),
            (GOOD.replace("limit:", "limt:"), "line 2: options.limt: is no key here"),
            (GOOD.replace("limit: 2", "limit: many"), "line 2: options.limit: got 'many'"),
            (GOOD.replace("[sample_reversed_persona]", "[reversed_persona_gsm8]"), "line 1: tasks[0]: "),
            (
                GOOD.replace("[sample_reversed_persona]", "[reversed_persona_gsm8]"),
                "did you mean 'reversed_persona_gsm8k",
            ),
            (GOOD.replace("simulated_student", "vlm"), "line 5: models[0].backend: unknown model type 'vlm'"),
            (GOOD + "  - {backend: hf}\n", "line 7: models[1]: has no name"),
            (GOOD + "  - {name: One, backend: dummy}\n", "line 7: models[1].name: 'One' is taken by 'one'"),
            (GOOD + "  - {backend: hf, model_args: {pretrained: a/b}, gpus: 2}\n", "parallelize: true"),
            (GOOD + "  - {backend: vllm, model_args: {pretrained: a/b, tensor_parallel_size: 4}, gpus: 2}\n", "over 4"),
            (GOOD + "slurm: {partition: gpu}\n", "line 7: slurm: 'time' is missing"),
            (GOOD + "slurm: {time: soon}\n", "line 7: slurm.time: got 'soon'"),
            (GOOD + 'slurm: {time: 5, partition: "a\\nrm"}\n', "words on one line"),
            (GOOD + 'slurm: {time: 5, extra: {comment: "a\\nrm"}}\n', "words on one line"),
            (GOOD + "slurm: {time: 5, extra: {wrap: ls}}\n", "'wrap' cannot be set here"),
            (GOOD + "slurm: {time: 5, extra: {'x=y': ls}}\n", "expected a long option of sbatch"),
            (GOOD.replace("low: 0.1", "low: .nan"), "expected texts, numbers"),
            (GOOD.replace("one\n", "&a one\n", 1), "line 4: not plain YAML"),
            ("models: !!python/object/apply:os.system [ls]\n", "not plain YAML"),
            ("", "is empty"),
            ("[1]", "got list; expected a mapping"),
            ("models: []\ntasks: x\n", "line 1: models: got []"),
            ("models: [{name: a, backend: dummy}]\n", "'tasks' is missing"),
        ],
    )
    def test_what_is_wrong_is_one_line_with_its_place(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
    ) -> None:
        (tmp_path / "sweep.yaml").write_text(text)
        assert main(["sweep", str(tmp_path / "sweep.yaml"), "--dry-run"]) == 2
        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1
        assert says in captured.err

    def test_dry_run_prints_a_script_that_runs(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "sweep.yaml").write_text(GOOD)
        assert main(["sweep", str(tmp_path / "sweep.yaml"), "--dry-run", "--local"]) == 0
        script = capsys.readouterr().out
        assert "# one, sample_reversed_persona\n" in script
        assert "--gen_kwargs max_gen_toks=64 --limit 2 --log_samples --output_path " in script
        ran = subprocess.run(["sh"], input=script, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, ran.stderr
        assert len(list(tmp_path.glob("out/sweep/one/*/results/one/results_*.json"))) == 1

    @pytest.mark.parametrize(
        ("written", "minutes"),
        [("90", 90), ("4:00:00", 240), ("1-12", 2160), ("1-12:30", 2190), ("90:30", 91), ("'30'", 30)],
    )
    def test_times_are_slurms_own(self, tmp_path: Path, written: str, minutes: int) -> None:
        from reversed_persona.sweep.file import read_sweep_file

        (tmp_path / "sweep.yaml").write_text(GOOD + f"slurm: {{time: {written}}}\n")
        slurm = read_sweep_file(tmp_path / "sweep.yaml").sweep.slurm
        assert slurm is not None
        assert slurm.time == minutes

    def test_folder_changes_with_what_changes_the_answers_and_not_with_speed_or_secrets(self, tmp_path: Path) -> None:
        from reversed_persona.sweep.file import read_sweep_file
        from reversed_persona.sweep.planning import plan_runs

        def folder(text: str) -> str:
            (tmp_path / "sweep.yaml").write_text(text)
            (run,) = plan_runs(read_sweep_file(tmp_path / "sweep.yaml"))
            assert "hush" not in json.dumps(run.configuration)
            return run.folder.name

        first = folder(GOOD)
        assert folder(GOOD.replace("limit: 2", "limit: 2, batch_size: auto")) == first
        assert folder(GOOD.replace("low: 0.1", "low: 0.1, api_key: hush")) == first
        assert folder(GOOD.replace("limit: 2", "limit: 3")) != first
        assert folder(GOOD.replace("low: 0.1", "low: 0.2")) != first

    def test_text_that_lm_eval_would_read_as_a_number_goes_as_json(self, tmp_path: Path) -> None:
        from reversed_persona.sweep.file import read_sweep_file
        from reversed_persona.sweep.planning import plan_runs

        (tmp_path / "sweep.yaml").write_text(GOOD.replace("low: 0.1", "revision: 0123456"))
        (run,) = plan_runs(read_sweep_file(tmp_path / "sweep.yaml"))
        assert json.loads(run.command[run.command.index("--model_args") + 1])["revision"] == "0123456"
