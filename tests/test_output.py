import json
from pathlib import Path

import pytest

from reversed_persona.errors import OutputError
from reversed_persona.output import check_room, check_written, folder_of


def write_results(folder: Path, rows: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results_2026-01-01T00-00-00.json"
    results.write_text("{}")
    lines = "".join(json.dumps({"doc_id": i}) + "\n" for i in range(rows))
    (folder / "samples_task_2026-01-01T00-00-00.jsonl").write_text(lines)
    return results


class TestCheckRoom:
    def test_folder_that_is_not_there_yet_is_fine_and_is_not_made(self, tmp_path: Path) -> None:
        check_room("--output_path", str(tmp_path / "a/b/c"), 1000)
        assert not list(tmp_path.iterdir())

    def test_more_than_the_disk_holds_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="MB cannot be written to"):
            check_room("--output_path", str(tmp_path), 10**18)

    def test_path_through_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match="file is a file; expected a folder"):
            check_room("--use_cache", str(tmp_path / "file/answers"), 1)


class TestCheckWritten:
    def test_whole_run_passes(self, tmp_path: Path) -> None:
        check_written(write_results(tmp_path, rows=3), str(tmp_path), {"task": 3})

    def test_other_runs_in_the_same_folder_do_not_count(self, tmp_path: Path) -> None:
        results = write_results(tmp_path / "a", rows=3)
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "results_2026-01-02.json").write_text("{")  # another run is just writing it
        with pytest.raises(OutputError, match="no results file was written, though the run had finished"):
            check_written(None, str(tmp_path), {"task": 3})
        check_written(results, str(tmp_path), {"task": 3})

    @pytest.mark.parametrize("rows", [0, 2])
    def test_missing_rows_are_an_error(self, tmp_path: Path, rows: int) -> None:
        with pytest.raises(OutputError, match="is missing or cut off; expected 3 rows"):
            check_written(write_results(tmp_path, rows), str(tmp_path), {"task": 3})

    def test_last_row_cut_off_is_an_error(self, tmp_path: Path) -> None:
        results = write_results(tmp_path, rows=3)
        (log,) = tmp_path.glob("samples_*")
        log.write_text(log.read_text() + '{"doc_id": 3, "resps": [["half an ans')
        with pytest.raises(OutputError, match="missing or cut off"):
            check_written(results, str(tmp_path), {"task": 3})

    def test_results_cut_off_are_an_error(self, tmp_path: Path) -> None:
        results = write_results(tmp_path, rows=3)
        results.write_text('{"results": {')
        with pytest.raises(OutputError, match="is damaged"):
            check_written(results, str(tmp_path), {})


def test_folder_of_a_json_path_is_the_one_it_stands_in() -> None:
    assert folder_of("out/mine.json") == Path("out")
    assert folder_of("out/mine") == Path("out/mine")
