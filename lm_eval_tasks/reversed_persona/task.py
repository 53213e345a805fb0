"""The lm-eval task: one document is one question, with one request per persona. Wiring only.

The personas of a question share a document, so nothing (--limit, --samples, data-parallel shards) breaks the pairing.
Keys of the task's `metadata` that it reads, from the YAML or from --metadata: `problems`, `personas`, `persona_role`,
`problems_dir`, `persona_templates`, `repeats`. lm-eval mixes every --model_args key into metadata, so all others are
left alone.
"""

import difflib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import datasets
from lm_eval.api.instance import Instance
from lm_eval.api.task import ConfigurableTask

from reversed_persona import filters, group_errors  # noqa: F401  # registers the filter; mends a group's errors
from reversed_persona.answers import opens_thinking
from reversed_persona.decoding import check_decoding, read_repeats
from reversed_persona.errors import PromptError, SettingsError, did_you_mean
from reversed_persona.metrics import directions, question_scores
from reversed_persona.personas import Frame, Persona, load_templates
from reversed_persona.problems import PROBLEM_SETS, load_problems, problems_digest
from reversed_persona.prompts import Prompt, Role, build_prompt, check_contexts, fingerprint, question_header
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["ReversedPersonaTask", "TaskSettings"]

SETTINGS = ("problems", "problems_dir", "personas", "persona_role", "persona_templates", "repeats")


@dataclass(frozen=True)
class TaskSettings:
    """What a run asks of the task, read from its metadata.

    Attributes:
        problems: Name of the problem set.
        problems_dir: Local folder of problem sets, or None for the default source.
        personas: Who is asked, in this order.
        role: Where the persona stands in the prompt.
        frame: What all prompts share.
        custom: Whether the templates are the user's own.
    """

    problems: str
    problems_dir: str | None
    personas: tuple[Persona, ...]
    role: Role
    frame: Frame
    custom: bool

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> "TaskSettings":
        """Read and check the settings.

        Raises:
            SettingsError: A value is not one of those allowed.
            TemplateError: The user's own templates are malformed.
        """
        _refuse_misspelt(metadata)
        problems = metadata.get("problems")
        if not isinstance(problems, str) or problems not in PROBLEM_SETS:
            raise SettingsError(
                f"metadata: problems: unknown problem set {problems!r}; expected one of {', '.join(PROBLEM_SETS)}"
                + did_you_mean(problems, PROBLEM_SETS)
            )
        role = metadata.get("persona_role", "user")
        if role not in get_args(Role):
            raise SettingsError(f"metadata: persona_role: got {role!r}; expected 'user' or 'system'")
        own_templates = _path(metadata, "persona_templates")
        templates = load_templates(Path(own_templates).resolve() if own_templates else None)
        return cls(
            problems=problems,
            problems_dir=_path(metadata, "problems_dir"),
            personas=templates.select(_persona_ids(metadata)),
            role=cast(Role, role),
            frame=templates.frame,
            custom=templates.custom,
        )


class ReversedPersonaTask(ConfigurableTask):  # type: ignore[misc]  # lm-eval ships no types
    """Ask every problem once as each persona, and score the answers of one question together."""

    def __init__(
        self,
        data_dir: str | None = None,
        cache_dir: str | None = None,
        download_mode: object = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        """Check the settings, load the problems, and tell lm-eval which metrics there will be.

        Args:
            data_dir: Not used; lm-eval passes it to every task.
            cache_dir: Not used.
            download_mode: Not used.
            config: The task's YAML as lm-eval read it.

        Raises:
            ReversedPersonaError: A setting, a template or the problem set is wrong.
        """
        config = {key: value for key, value in (config or {}).items() if key != "class"}
        metadata = dict(config.get("metadata") or {})
        self.settings = TaskSettings.from_metadata(metadata)
        collection = PROBLEM_SETS[self.settings.problems].collection
        self._instructions = {persona.id: persona.instruction(collection) for persona in self.settings.personas}
        metadata |= {
            "persona_role": self.settings.role,
            "prompt_fingerprints": {name: fingerprint(prompt) for name, prompt in self._prompts("{question}").items()},
        }
        config |= {
            "metadata": metadata,
            "repeats": read_repeats(metadata, config.get("repeats", 1)),
            "metric_list": [
                {"metric": name, "aggregation": "mean", "higher_is_better": better}
                for name, better in directions(self.settings.personas).items()
            ],
            "process_results": "reversed_persona.task",  # tells lm-eval not to look the metrics up; see process_results
        }
        super().__init__(config=config)
        # other prompts or problems under the same name would pass for the benchmark's
        named = PROBLEM_SETS.get(config.get("dataset_name", ""))
        digest = problems_digest(self.eval_docs)
        self.config.metadata["problems_digest"] = digest
        self.config.metadata["custom"] = self.settings.custom or named is None or digest != named.digest

    def download(self, dataset_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Load the problems; lm-eval's own arguments are not used."""
        problems = load_problems(self.settings.problems, self.settings.problems_dir)
        self.dataset = {self.config.test_split: datasets.Dataset.from_list(cast(list[dict[str, Any]], problems))}

    def set_config(self, key: str, value: Any, update: bool = False) -> None:
        """Set a configuration value, but refuse few-shot examples: they would be another experiment.

        Raises:
            SettingsError: --num_fewshot is not 0.
        """
        if key == "num_fewshot" and value:
            raise SettingsError(
                f"{self.config.task}: --num_fewshot {value}: the personas are asked without examples; leave it out"
            )
        super().set_config(key, value, update)

    def build_all_requests(self, **kwargs: Any) -> None:
        """Build the requests anew: lm-eval's request cache does not know the prompt and would replay stale ones.

        Raises:
            SettingsError: --limit or --samples leaves nothing to ask, or names a problem that isn't there; decoding
                contradicts itself.
            PromptError: A chat template dropped the persona or the problem.
        """
        self.check_selection(kwargs.get("limit"), kwargs.get("samples"), kwargs.get("world_size", 1))
        check_decoding(self.config.task, self.config.generation_kwargs, self.config.repeats)
        if kwargs.get("system_instruction"):
            self.config.metadata["custom"] = True  # no longer the benchmark's own prompts
        super().build_all_requests(**{**kwargs, "cache_requests": False, "rewrite_requests_cache": False})

    def check_selection(self, limit: int | None, samples: Sequence[object] | None, world_size: int = 1) -> None:
        """Refuse a choice of problems that can't be asked.

        Args:
            limit: How many of the first problems.
            samples: Numbers of single problems, from 0.
            world_size: Number of data-parallel processes that share them.

        Raises:
            SettingsError: Nothing is left to ask, or not for every process, or a problem isn't there or comes twice.
        """
        n = len(self.eval_docs)
        if limit is not None and limit <= 0:
            raise SettingsError(f"{self.config.task}: --limit leaves {limit} problems; expected 1 to {n}")
        if samples is not None:
            if not samples or not all(isinstance(one, int) and 0 <= one < n for one in samples):
                raise SettingsError(
                    f"{self.config.task}: --samples: got {samples!r:.80}; expected numbers from 0 to {n - 1}"
                )
            if len(set(samples)) < len(samples):
                raise SettingsError(
                    f"{self.config.task}: --samples: got {samples!r:.80}; expected every problem at most once"
                )
        chosen = min(n, limit or n) if samples is None else len(samples)
        if chosen < world_size:
            raise SettingsError(
                f"{self.config.task}: {chosen} problems for {world_size} data-parallel processes leave one without "
                f"work; expected at least {world_size} problems"
            )

    def doc_to_text(self, doc: Mapping[str, Any], doc_to_text: object = None) -> str:
        """Return the user's turn of one persona, or of none for a bare document."""
        return str(doc["user"] if "user" in doc else doc["question"])

    def doc_to_target(self, doc: Mapping[str, Any], doc_to_target: object = None) -> str:
        """Return the gold answer."""
        return str(doc["gold"])

    def fewshot_context(self, doc: dict[str, Any], num_fewshot: int, **kwargs: Any) -> list[Any]:
        """Return one rendered context per persona, each checked to hold what the persona is told.

        Args:
            doc: The problem's row.
            num_fewshot: Always 0; see set_config.
            kwargs: As lm-eval passes them on: system_instruction, apply_chat_template, chat_template and others.

        Raises:
            PromptError: A chat template dropped the persona or the problem, or hides where the thinking ends.
        """
        prompts = self._prompts(doc["question"])
        told = kwargs.get("system_instruction") or ""
        gap = "" if kwargs.get("apply_chat_template") else "\n\n"  # plain text has no turns to keep them apart
        if told:
            kwargs["system_instruction"] = told + gap
        contexts = [
            super(ReversedPersonaTask, self).fewshot_context(
                {**doc, "user": prompt.user, "system": prompt.system and prompt.system + gap},
                num_fewshot=num_fewshot,
                **kwargs,
            )
            for prompt in prompts.values()
        ]
        check_contexts(self.config.task, prompts, contexts, self.settings.role, self._instructions, told)
        if "think_end_token" in self.config.metadata and any(opens_thinking(str(context)) for context in contexts):
            raise PromptError(
                f"{self.config.task}: the chat template opens the thinking itself, so with think_end_token an "
                "unfinished thought looks like an answer; leave think_end_token out of --model_args, these tasks cut "
                "thinking out by themselves"
            )
        return contexts

    def construct_requests(self, doc: dict[str, Any], ctx: Sequence[Any], **kwargs: Any) -> list[Instance]:
        """Return one request per persona; its document says which, for the filter and for the sample log's hash."""
        header = question_header(self.settings.frame)
        return [
            Instance(
                request_type="generate_until",
                doc={
                    **doc,
                    "persona": persona.id,
                    "expected_accuracy": persona.expected_accuracy,
                    "thinking": opens_thinking(str(context)),
                    "question_header": header,
                },
                arguments=(context, deepcopy(self.config.generation_kwargs)),
                idx=number,
                metadata=kwargs["metadata"],
            )
            for number, (persona, context) in enumerate(zip(self.settings.personas, ctx, strict=True))
        ]

    def apply_filters(self) -> None:
        """Grade the responses, without those with which data parallelism pads a process's last request."""
        for instance in self.instances:
            del instance.resps[self.config.repeats :]
        super().apply_filters()

    def process_results(self, doc: Mapping[str, Any], results: Sequence[Sequence[str]]) -> dict[str, float]:
        """Score one question from its personas' filtered responses."""
        if "bypass" in self._metric_fn_list:  # --predict_only: responses are kept, nothing is scored
            return {"bypass": 999}
        given = [[PersonaVerdict.from_json(line) for line in lines] for lines in results]
        return question_scores(
            {records[0].persona: [record.verdict for record in records] for records in given},
            {records[0].persona: records[0].expected_accuracy for records in given},
        )

    def _prompts(self, question: str) -> dict[str, Prompt]:
        return {
            persona: build_prompt(self.settings.frame, instruction, question, self.settings.role)
            for persona, instruction in self._instructions.items()
        }


def _refuse_misspelt(metadata: Mapping[str, Any]) -> None:
    """Refuse keys that look like ours but aren't; keys unlike ours may be the model's."""
    for key in metadata.keys() - {*SETTINGS}:
        if near := difflib.get_close_matches(str(key), SETTINGS, n=1, cutoff=0.8):
            raise SettingsError(f"metadata: unknown key {key!r}; did you mean {near[0]!r}?")


def _persona_ids(metadata: Mapping[str, Any]) -> list[str]:
    ids = metadata.get("personas")
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        raise SettingsError(f'metadata: personas: got {ids!r}; expected a list of persona ids such as ["high", "low"]')
    return ids


def _path(metadata: Mapping[str, Any], key: str) -> str | None:
    path = metadata.get(key)
    if path is not None and not isinstance(path, str):
        raise SettingsError(f"metadata: {key}: got {path!r}; expected the path of a folder")
    return path
