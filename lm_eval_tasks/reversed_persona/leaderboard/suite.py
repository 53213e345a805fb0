"""What a version of the suite asks, as its manifest says: hashes, never the text of a question."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reversed_persona.arms import Arm
from reversed_persona.errors import LeaderboardError, did_you_mean
from reversed_persona.judging.showings import Pair
from reversed_persona.personas import Persona

__all__ = [
    "MANIFEST",
    "SCHEMA",
    "SUITE",
    "ProblemSetHashes",
    "Role",
    "Suite",
    "SuiteJudge",
    "SuiteTask",
    "board_folder",
    "check_board",
    "hashes_of",
    "read_suite",
    "shipped_reference",
]

SUITE = "1.0"
"""The version that new submissions are for."""
MANIFEST = "manifest.json"
SCHEMA = "schema/submission.schema.json"
MAX_BYTES = 16 << 20
_BOARDS = frozenset(("decisions.jsonl", "reference", "submissions"))

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Role = Literal["user", "system"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ProblemSetHashes(_Record):
    """A problem set, without its texts.

    Attributes:
        digest: `problems.problems_digest` of the whole.
        problems: By problem_id, the hashes of the problem and of its gold answer; see `hashes_of`.
    """

    digest: str
    problems: dict[str, tuple[Hash, Hash]]


class SuiteTask(_Record):
    """What a task asks.

    Attributes:
        version: The task's own.
        problems: Name of its problem set.
        questions: Ids of the problems that are asked, in their order; None for all of the set.
        arms: Who is asked: by arm id, in the task's order, the expected accuracy; None where nothing is expected.
        personas: Ids of the personas that the arms are made of.
        settings: What the task's metadata says of arms and examples, from which its prompts are made again.
        measures: What it reports; see `metrics`.
        fingerprints: By the role in which the persona stands, the fingerprint of each arm's prompt.
    """

    version: float
    problems: str
    questions: tuple[str, ...] | None
    arms: dict[str, float | None]
    personas: tuple[str, ...]
    settings: dict[str, Any] = Field(default_factory=dict)
    measures: tuple[str, ...]
    fingerprints: dict[Role, dict[str, str]]

    @cached_property
    def asked(self) -> tuple[Arm, ...]:
        """The arms, taken apart into persona and group, for `metrics.question_scores`."""
        return tuple(self._arm(name, expected) for name, expected in self.arms.items())

    def _arm(self, name: str, expected: float | None) -> Arm:
        persona = max((one for one in self.personas if name == one or name.startswith(f"{one}_")), key=len)
        told = Persona(id=persona, label=persona, expected_accuracy=expected, wordings=())
        return Arm(told, group=name[len(persona) + 1 :])


class SuiteJudge(_Record):
    """What a judge of a task's responses is asked; see `judging`.

    Attributes:
        version: The judge task's own.
        judged: The task whose responses are judged.
        pairs: What may be shown of each question.
        rubric: Fingerprint of the judge's prompt.
    """

    version: float
    judged: str
    pairs: tuple[Pair, ...]
    rubric: Hash


class Suite(_Record):
    """A version of the suite.

    Attributes:
        version: Its name, such as "1.0".
        core: The tasks that a submission must hold.
        problem_sets: By name.
        tasks: By name, all that a submission may hold.
        judges: By name, the judge tasks whose judgements it may hold as well.
    """

    version: str
    core: tuple[str, ...]
    problem_sets: dict[str, ProblemSetHashes]
    tasks: dict[str, SuiteTask]
    judges: dict[str, SuiteJudge] = Field(default_factory=dict)

    def hashes(self, task: str) -> dict[str, tuple[str, str]]:
        """Return the hashes of the problems that a task asks, by problem_id, in their order."""
        of_set = self.problem_sets[self.tasks[task].problems].problems
        asked = self.tasks[task].questions
        return dict(of_set) if asked is None else {name: of_set[name] for name in asked}

    def to_json(self) -> str:
        """Return the manifest's text."""
        return json.dumps(self.model_dump(mode="json"), indent=1) + "\n"


def hashes_of(problem: Mapping[str, Any]) -> tuple[str, str]:
    """Return the hashes of a problem and of its gold answer, 16 hexadecimal digits each.

    The gold's holds the question as well, so that no table of short answers gives it away.
    """
    doc = [problem[key] for key in ("problem_id", "question", "gold", "difficulty", "subject")]
    return _hash(doc), _hash([problem["question"], problem["gold"]])


def board_folder(given: Path | None = None) -> Path:
    """Return the folder of the board: the one given, else `leaderboards` here, else the checkout's."""
    here = Path("leaderboards")
    checkout = Path(__file__).resolve().parents[3] / "leaderboards"
    return given or (here if here.is_dir() or not checkout.is_dir() else checkout)


def check_board(board: Path) -> None:
    """Refuse a folder that can't be a board: a slip in its name would leave nothing to compare with.

    Raises:
        LeaderboardError: There is no such folder, or it holds things and none of them is a board's.
    """
    if not board.is_dir():
        raise LeaderboardError(f"{board}: there is no such folder; expected a board (--board)")
    try:
        there = {path.name for path in board.iterdir()}
    except OSError as error:
        raise LeaderboardError(f"{board}: cannot be read: {error.strerror}; expected a board (--board)") from error
    if there and not there & _BOARDS:
        raise LeaderboardError(
            f"{board}: holds none of {', '.join(sorted(_BOARDS))}; expected a board, or an empty folder (--board)"
        )


def shipped_reference() -> Path:
    """Return the folder of the manifests that come with the package: in it, or in the checkout it is installed from."""
    package = Path(__file__).resolve().parent
    installed = package / "reference"
    return installed if installed.is_dir() else package.parents[2] / "leaderboards" / "reference"


def read_suite(board: Path, version: str = SUITE) -> Suite:
    """Read what a version of the suite asks: from the board, or where that has no manifests, from the package.

    Raises:
        LeaderboardError: There is no such version, or its manifest is damaged.
    """
    reference = board / "reference"
    if not reference.is_dir():
        reference = shipped_reference()
    known = sorted(path.parent.name for path in reference.glob(f"*/{MANIFEST}"))
    if version not in known:
        raise LeaderboardError(
            f"{reference}: has no suite {version!r}; expected one of {', '.join(known) or 'those that'} "
            f"`reversed-persona leaderboard manifest` writes{did_you_mean(version, known)}"
        )
    path = reference / version / MANIFEST
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ValueError(f"is larger than {MAX_BYTES >> 20} MB")
        suite = Suite.model_validate_json(raw)
    except (OSError, ValidationError, ValueError) as error:
        said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise LeaderboardError(
            f"{path}: {said:.200}; expected a manifest as `leaderboard manifest` writes it"
        ) from error
    if suite.version != version:
        raise LeaderboardError(f"{path}: version: got {suite.version!r}; expected {version!r}, as its folder is named")
    return suite


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
