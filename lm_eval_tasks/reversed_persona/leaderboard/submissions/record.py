"""What a submission says of itself: submission.yaml as a strict record, and the JSON Schema of it."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from reversed_persona.errors import LeaderboardError, did_you_mean
from reversed_persona.leaderboard.submissions.files import RECORD
from reversed_persona.leaderboard.submissions.findings import shown, worst_error
from reversed_persona.leaderboard.submissions.judge_record import Judge
from reversed_persona.personas.plain_yaml import parse_node

__all__ = [
    "FORMAT",
    "Model",
    "Regraded",
    "Run",
    "SubmissionRecord",
    "Submitter",
    "check_fields",
    "free_text",
    "read_record",
    "record_from",
    "record_schema",
    "record_text",
]

FORMAT = 1

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9.-]|_(?!_))*(?<![_.-])"
MODEL_ID = re.compile(rf"(?={_PART}/)[A-Za-z0-9._-]{{1,96}}/(?={_PART}$)[A-Za-z0-9._-]{{1,96}}")
_MARKUP = re.compile(r"<[/!?a-z]|&(?:#\w{1,8}|[a-z]\w{1,30});|\b(?:javascript|vbscript)\s*:", re.IGNORECASE)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~!$()*+,;=:@%/?#-]*)?")


def free_text(text: str) -> str:
    """Return a text that people wrote if it is nothing but text.

    Raises:
        ValueError: It holds markup, or characters that can't be seen or turn others around.
    """
    if found := _MARKUP.search(text):
        raise ValueError(f"holds markup ({found[0]!r}); expected plain text")
    for one in text:
        if unicodedata.category(one) in _HIDDEN:
            raise ValueError(f"holds U+{ord(one):04X}, which can't be seen; expected plain text on one line")
    return text


def _model_id(text: str) -> str:
    if not text.isascii() or not MODEL_ID.fullmatch(text):
        raise ValueError("expected org/name in ASCII letters, digits and single '.', '_', '-' between them")
    return text


def _url(text: str) -> str:
    if not _URL.fullmatch(text) or "@" in urlsplit(text).netloc:
        raise ValueError("expected a plain address that begins with https:// or http://")
    return text


def _word_for_bool(value: Any) -> Any:
    """Take YAML's bare yes and no for the words that they are."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _line(least: int, most: int) -> Any:
    return StringConstraints(min_length=least, max_length=most, strip_whitespace=False)


Line = Annotated[str, _line(1, 100), AfterValidator(free_text)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+/-]{0,99}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Model(_Record):
    """Which model was asked.

    Attributes:
        id: "org/name", as the Hub or its maker calls it.
        revision: Commit, tag or date that tells its weights from others of this name.
        licence: Of its weights, as SPDX names it where it does; "proprietary" for none.
        open_weights: Whether anybody can download the weights.
        parameters: How many it has, all experts counted; null where that isn't known.
        trained_on_benchmark: Whether these problem sets, or texts made from them, were in its training data.
    """

    id: Annotated[
        str, AfterValidator(_model_id), WithJsonSchema({"type": "string", "pattern": f"^{MODEL_ID.pattern}$"})
    ]
    revision: Word
    licence: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,59}$")]
    open_weights: bool
    parameters: Annotated[int, Field(ge=1, le=10**14)] | None
    trained_on_benchmark: Annotated[Literal["yes", "no", "unknown"], BeforeValidator(_word_for_bool)]


class Regraded(_Record):
    """What of the verdicts and scores is not the run's own.

    Attributes:
        verdicts: How many of its verdicts are those of the version that prepared it; 0 where its scores alone are.
        run_version: Which version of this package the run had; null where it does not say, or its tasks differ.
    """

    verdicts: Annotated[int, Field(ge=0, le=10**9)]
    run_version: Word | None


class Run(_Record):
    """How it was asked.

    Attributes:
        date: When the newest of its runs began, in UTC: 2026-11-26T04:14:34Z.
        backend: lm-eval's --model.
        lm_eval_version: Of lm-eval.
        reversed_persona_version: Of this package, which prepared the submission.
        git_hash: Of the checkout that lm-eval ran in; null where there was none.
        command: What was typed, without paths and machines; null where nobody said.
        regraded: What `submission prepare --regrade` changed; null for nothing.
    """

    date: Annotated[
        str, StringConstraints(pattern=r"^20\d\d-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}Z$")
    ]
    backend: Word
    lm_eval_version: Word
    reversed_persona_version: Word
    git_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{7,40}$")] | None
    command: Annotated[str, _line(1, 2_000), AfterValidator(free_text)] | None
    regraded: Regraded | None = None


class Submitter(_Record):
    """Who submits.

    Attributes:
        name: A person or a group.
        url: Where they can be found; null for nowhere.
    """

    name: Line
    url: Annotated[str, _line(1, 200), AfterValidator(_url)] | None


class SubmissionRecord(_Record):
    """What submission.yaml says.

    Attributes:
        format: Of this file: 1.
        suite: Which version of the suite was asked.
        model: Which model.
        type: `standard`, or `custom` where the prompts are not the benchmark's.
        run: How.
        submitter: Who says so.
        note: Anything else that readers should know; null for nothing.
        judge: The judge that rated its responses; null where none did.
        files: The sha256 of every other file of the submission, by name.
    """

    format: Literal[1]
    suite: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,19}$")]
    model: Model
    type: Literal["standard", "custom"]
    run: Run
    submitter: Submitter
    note: Annotated[str, _line(1, 500), AfterValidator(free_text)] | None
    judge: Judge | None = None
    files: Annotated[dict[str, Sha256], Field(max_length=40)]


def read_record(raw: bytes) -> SubmissionRecord:
    """Read submission.yaml: plain YAML, without tags, aliases or keys that stand twice.

    Raises:
        LeaderboardError: It is no plain YAML.
        ValueError: It says something else than a record does.
    """
    data, _ = parse_node(raw, RECORD, "it", LeaderboardError)
    return _validated(data)


def record_from(fields: Mapping[str, Any]) -> SubmissionRecord:
    """Make a record of what a submitter says.

    Raises:
        LeaderboardError: A field is missing or not what it should be.
    """
    try:
        return _validated(fields)
    except ValueError as error:
        raise LeaderboardError(f"{RECORD}: {error}") from error


def check_fields(fields: Mapping[str, Any]) -> None:
    """Refuse what a submitter says, before the work that the other fields of a record need.

    Args:
        fields: Some of a record's, by name.

    Raises:
        LeaderboardError: One of them is not what it should be.
    """
    try:
        SubmissionRecord.model_validate(fields)
    except ValidationError as error:
        if any(one["loc"][0] in fields for one in error.errors()):
            raise LeaderboardError(f"{RECORD}: {_wrong(error, fields)}") from error


def _validated(fields: Mapping[str, Any]) -> SubmissionRecord:
    try:
        return SubmissionRecord.model_validate(fields)
    except ValidationError as error:
        raise ValueError(_wrong(error)) from error


def _wrong(error: ValidationError, fields: Collection[str] | None = None) -> str:
    where, first = worst_error(error, fields)
    hint = did_you_mean(where, SubmissionRecord.model_fields) if first["type"] == "extra_forbidden" else ""
    got = "" if first["type"] == "missing" else f", got {shown(first['input'])}"
    return f"{where}: {first['msg']}{got}{hint}"


def record_text(record: SubmissionRecord) -> str:
    """Return the text of submission.yaml; of a judge and of a new grading it speaks only where there was one."""
    said = record.model_dump(mode="json")
    if record.judge is None:
        del said["judge"]
    if record.run.regraded is None:
        del said["run"]["regraded"]
    return str(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120))


def record_schema() -> str:
    """Return the text of the JSON Schema of submission.yaml."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SubmissionRecord.model_json_schema()}
    return json.dumps(schema, indent=2) + "\n"
