"""What `submission prepare --regrade` changed, so that a row can say that its verdicts are not the run's own."""

import re
from collections.abc import Collection, Mapping

from reversed_persona.leaderboard.submissions.checks.scores import compare_scores
from reversed_persona.leaderboard.submissions.files import RESULTS
from reversed_persona.leaderboard.submissions.record import Regraded
from reversed_persona.leaderboard.submissions.scrubbing import mapping

__all__ = ["what_was_regraded"]

_VERSION = re.compile(r"\d[0-9a-z.+]{0,39}")

_Scores = Mapping[str, Mapping[str, float]]


def what_was_regraded(
    verdicts: int, reported: _Scores, scores: _Scores, files: Collection[Mapping[str, object]]
) -> Regraded | None:
    """Return what is not the run's own; None where all is.

    Args:
        verdicts: How many verdicts are not those of its logs.
        reported: By task, what its results files report.
        scores: By task, what its responses give.
        files: Its results files, as read from JSON.
    """
    differing = (any(compare_scores(RESULTS, task, reported.get(task, {}), given)) for task, given in scores.items())
    if not verdicts and not any(differing):
        return None
    configs = (mapping(file.get("configs")) for file in files)
    versions = {_version(one) for of_file in configs for task, one in of_file.items() if task in scores}
    return Regraded(verdicts=verdicts, run_version=versions.pop() if len(versions) == 1 else None)


def _version(config: object) -> str | None:
    said = mapping(mapping(config).get("metadata")).get("reversed_persona_version")
    return said if isinstance(said, str) and _VERSION.fullmatch(said) else None
