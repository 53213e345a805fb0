import json
from pathlib import Path

import pytest

from reversed_persona.errors import OutputError
from reversed_persona.output import check_room, check_written, result_files


def write_results(folder: Path, rows: int) -> None:
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model/results_2026-01-01T00-00-00.json").write_text("{}")
    lines = "".join(json.dumps({"doc_id": i}) + "\n" for i in range(rows))
    (folder / "model/samples_task_2026-01-01T00-00-00.jsonl").write_text(lines)


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
        write_results(tmp_path, rows=3)
        check_written(str(tmp_path), set(), {"task": 3})

    def test_results_of_an_earlier_run_do_not_count(self, tmp_path: Path) -> None:
        write_results(tmp_path, rows=3)
        with pytest.raises(OutputError, match="no results file was written, though the run had finished"):
            check_written(str(tmp_path), result_files(str(tmp_path)), {"task": 3})

    @pytest.mark.parametrize("rows", [0, 2])
    def test_missing_rows_are_an_error(self, tmp_path: Path, rows: int) -> None:
        write_results(tmp_path, rows)
        with pytest.raises(OutputError, match="is missing or cut off; expected 3 rows"):
            check_written(str(tmp_path), set(), {"task": 3})

    def test_last_row_cut_off_is_an_error(self, tmp_path: Path) -> None:
        write_results(tmp_path, rows=3)
        (log,) = tmp_path.glob("*/samples_*")
        log.write_text(log.read_text() + '{"doc_id": 3, "resps": [["half an ans')
        with pytest.raises(OutputError, match="missing or cut off"):
            check_written(str(tmp_path), set(), {"task": 3})

    def test_results_cut_off_are_an_error(self, tmp_path: Path) -> None:
        write_results(tmp_path, rows=3)
        (path,) = tmp_path.glob("*/results_*")
        path.write_text('{"results": {')
        with pytest.raises(OutputError, match="is damaged"):
            check_written(str(tmp_path), set(), {})
