"""results.json: what a submission keeps of lm-eval's results files, in their shape, as a strict record.

Nothing else is taken: whatever names a machine, a user, a path or an environment is not among these fields.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reversed_persona.leaderboard.submissions.findings import worst_error
from reversed_persona.leaderboard.submissions.record import Word
from reversed_persona.result_files import ResultsFile

__all__ = ["Config", "SampleCounts", "SubmittedResults", "TaskConfig", "TaskMetadata", "read_results", "results_text"]

_HTML = re.compile(r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|style|link|meta|base|form|body|html|a)\b", re.I)

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")]
Metric = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,99},[a-z]{1,20}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=10**9)]


def _no_html(text: str) -> str:
    if _HTML.search(text):
        raise ValueError("holds HTML; expected a stop string")
    return text


Stop = Annotated[str, StringConstraints(max_length=40), AfterValidator(_no_html)]
Plain = bool | Annotated[int, Field(ge=-(10**15), le=10**15)] | Number | Word | None
"""A value that can't hold a sentence, a path or a machine."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TaskMetadata(_Record):
    """What a task's metadata says; see `settings`."""

    version: Number
    problems: Word
    personas: Annotated[list[Key], Field(max_length=64)]
    attribute: Key | None = None
    wordings: Whole | None = None
    exemplars: bool | None = None
    exemplar_seed: Whole | None = None
    questions: Whole | None = None
    measures: Annotated[list[Key], Field(max_length=40)] | None = None
    persona_role: Literal["user", "system"]
    prompt_fingerprints: Annotated[
        dict[Key, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]], Field(max_length=64)
    ]
    problems_digest: Sha256
    n_problems: Whole
    custom: bool
    partial: bool | None = None


class TaskConfig(_Record):
    """How a task was set up."""

    dataset_name: Word
    num_fewshot: Whole | None = None
    repeats: Annotated[int, Field(ge=1, le=100)]
    generation_kwargs: Annotated[dict[Key, Plain | Annotated[list[Stop], Field(max_length=10)]], Field(max_length=40)]
    metadata: TaskMetadata


class Config(_Record):
    """How the model was asked.

    Attributes:
        model: lm-eval's --model.
        model_args: Those that are numbers, switches or known words.
        gen_kwargs: As typed.
        batch_size: As typed.
        limit: null in a whole run.
        reference_respondent: Whether it was an instrument of this package.
    """

    model: Word
    model_args: Annotated[dict[Key, Plain], Field(max_length=60)] = Field(default_factory=dict)
    gen_kwargs: Annotated[dict[Key, Plain | Annotated[list[Stop], Field(max_length=10)]], Field(max_length=40)] = Field(
        default_factory=dict
    )
    batch_size: Whole | Word | None = None
    limit: Number | None = None
    reference_respondent: bool = False
    random_seed: Whole | None = None
    numpy_seed: Whole | None = None
    torch_seed: Whole | None = None
    fewshot_seed: Whole | None = None


class SampleCounts(_Record):
    """How many questions a task has, and how many of them were asked."""

    original: Whole
    effective: Whole


class SubmittedResults(_Record):
    """What results.json says; see the module.

    Attributes:
        model_name: The model's id.
        results: Per task, metrics by "name,filter" and "name_stderr,filter".
        configs: Per task, how it was set up.
        config: How the model was asked.
        n_samples: Per task, how many questions.
        versions: Per task, its version.
        date: When the newest of the runs began, in seconds since 1970.
        prompt_format: `plain` where the model read the prompts as they stand, `chat` where a chat template or a chat
            server came between.
        chat_template_sha: sha256 of the chat template; null for none.
        system_instruction_sha: sha256 of --system_instruction; null for none.
        fewshot_as_multiturn: As lm-eval says.
        lm_eval_version: Of lm-eval.
        transformers_version: Of transformers; null where it wasn't there.
        git_hash: Of the checkout that lm-eval ran in.
        total_evaluation_time_seconds: Of all runs together.
    """

    model_name: Annotated[str, StringConstraints(min_length=1, max_length=193)]
    results: Annotated[dict[Key, Annotated[dict[Metric, Number], Field(max_length=400)]], Field(max_length=40)]
    configs: Annotated[dict[Key, TaskConfig], Field(max_length=40)]
    config: Config
    n_samples: Annotated[dict[Key, SampleCounts], Field(alias="n-samples", max_length=40)]
    versions: Annotated[dict[Key, Number], Field(max_length=40)]
    date: Annotated[float, Field(ge=0, le=4_102_444_800)]
    prompt_format: Literal["plain", "chat"]
    chat_template_sha: Sha256 | None = None
    system_instruction_sha: Sha256 | None = None
    fewshot_as_multiturn: bool | None = None
    lm_eval_version: Word
    transformers_version: Word | None = None
    git_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{7,40}$")] | None = None
    total_evaluation_time_seconds: Number | None = None

    def as_file(self) -> ResultsFile:
        """Return it as the rest of the package reads lm-eval's results files."""
        return ResultsFile.model_validate(self.model_dump(mode="json", by_alias=True))


def results_text(results: SubmittedResults) -> str:
    """Return the text of results.json."""
    return json.dumps(results.model_dump(mode="json", by_alias=True, exclude_unset=True), indent=1) + "\n"


def read_results(raw: bytes) -> SubmittedResults:
    """Read results.json.

    Raises:
        ValueError: It holds something else; says what.
    """
    try:
        data = json.loads(raw, parse_constant=_no_number, object_pairs_hook=_once)
        return SubmittedResults.model_validate(data)
    except ValidationError as error:
        where, first = worst_error(error)
        raise ValueError(f"{where}: {first['msg']}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at line {error.lineno})") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("has a key twice; expected every key once")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"holds {name}; expected numbers")
