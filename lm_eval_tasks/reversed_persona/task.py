"""The lm-eval task: one document is one question, with one request per persona. Wiring only.

The personas of a question share a document, so nothing (--limit, --samples, data-parallel shards) breaks the pairing.
The keys of the task's `metadata` that it reads are in `settings`. lm-eval mixes every --model_args key into metadata,
so all others are left alone.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import datasets
from lm_eval.api.instance import Instance
from lm_eval.api.task import ConfigurableTask

from reversed_persona import filters, group_errors  # noqa: F401  # registers the filter; mends a group's errors
from reversed_persona.answers import opens_thinking
from reversed_persona.decoding import check_decoding, read_repeats
from reversed_persona.errors import PromptError, SettingsError
from reversed_persona.metrics import Answers, Scores, directions, question_scores
from reversed_persona.own_problems import read_own_problems
from reversed_persona.personas import Exemplar
from reversed_persona.problems import PROBLEM_SETS, Problem, choose, draw, load_problems, problems_digest
from reversed_persona.prompts import Prompt, build_prompt, check_contexts, fingerprint, question_header, show_example
from reversed_persona.settings import TaskSettings
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["ReversedPersonaTask"]


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
        self._instructions = {arm.id: arm.instruction(self.settings.collection) for arm in self.settings.arms}
        metadata |= {
            "persona_role": self.settings.role,
            "prompt_fingerprints": self._fingerprints(),
        }
        config |= {
            "metadata": metadata,
            "repeats": read_repeats(metadata, config.get("repeats", 1)),
            "metric_list": [
                {"metric": name, "aggregation": "mean", "higher_is_better": better}
                for name, better in self.metric_directions().items()
            ],
            "process_results": "reversed_persona.task",  # tells lm-eval not to look the metrics up; see process_results
        }
        super().__init__(config=config)
        self.config.metadata |= {"problems_digest": self._digest, "n_problems": self._n_problems}
        self.config.metadata["custom"] = self.is_custom()

    def download(self, dataset_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Load the problems; lm-eval's own arguments are not used."""
        self.dataset = {self.config.test_split: datasets.Dataset.from_list(self.documents())}

    def documents(self) -> list[dict[str, Any]]:
        """Load the problems' rows that are asked, and note what they are."""
        if self.settings.own:
            problems = read_own_problems(Path(self.settings.problems))
        else:
            problems = load_problems(self.settings.problems, self.settings.problems_dir)
        self.note_problems(problems)
        return cast(list[dict[str, Any]], choose(problems, self.settings.questions))

    def note_problems(self, problems: Sequence[Problem]) -> None:
        """Keep for the results which problems they are."""
        self._digest, self._n_problems = problems_digest(problems), len(problems)

    def is_custom(self) -> bool:
        """Whether other prompts or problems would pass, under the same name, for the benchmark's."""
        named = PROBLEM_SETS.get(self.config.dataset_name)
        return self.settings.custom or named is None or self._digest != named.digest

    def metric_directions(self) -> dict[str, bool | None]:
        """Return the metrics that the task reports, and whether more of each is better."""
        return directions(self.settings.arms, self.settings.measures)

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
        prompts = self.prompts(doc)
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
        fields = self.request_fields(doc)
        return [
            Instance(
                request_type="generate_until",
                doc={
                    **doc,
                    "persona": arm.id,
                    "expected_accuracy": arm.expected_accuracy,
                    "thinking": opens_thinking(str(context)),
                    **fields,
                },
                arguments=(context, deepcopy(self.config.generation_kwargs)),
                idx=number,
                metadata=kwargs["metadata"],
            )
            for number, (arm, context) in enumerate(zip(self.settings.arms, ctx, strict=True))
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
        arms = {arm.id: arm for arm in self.settings.arms}
        answers = {
            arms[records[0].persona]: Scores.of([record.verdict for record in records]) for records in given if records
        }
        return self.score(doc, answers)

    def score(self, doc: Mapping[str, Any], answers: Answers) -> dict[str, float]:
        """Score one question from what became of each arm's responses."""
        return question_scores(answers, self.settings.measures)

    def prompts(self, doc: Mapping[str, Any]) -> dict[str, Prompt]:
        """Return what each arm is asked about a problem, by arm id."""
        return self._prompts(doc["question"], self.shown_before(doc))

    def shown_before(self, doc: Mapping[str, Any]) -> dict[str, str]:
        """Return what stands before a problem, by arm id: the worked example that is drawn for it, if any."""
        exemplars = self.settings.exemplars
        return self._examples(draw(exemplars, doc["problem_id"], self.settings.exemplar_seed)) if exemplars else {}

    def ever_shown_before(self) -> list[dict[str, str]]:
        """Return all that may stand before a problem, by arm id, for the prompts' fingerprints."""
        return [self._examples(exemplar) for exemplar in self.settings.exemplars] or [{}]

    def request_fields(self, doc: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the filter has to know of a problem's responses beside the arm."""
        return {"question_header": question_header(self.settings.frame)}

    def prompt_length(self, doc: Mapping[str, Any]) -> int:
        """Return how many characters of a problem's prompts are its own, which tells the longest prompts."""
        return len(doc["question"])

    def _examples(self, exemplar: Exemplar) -> dict[str, str]:
        return {
            arm.id: show_example(self.settings.frame, exemplar.question, exemplar.replies[arm.persona.id])
            for arm in self.settings.arms
        }

    def _prompts(self, question: str, shown: Mapping[str, str]) -> dict[str, Prompt]:
        return {
            arm: build_prompt(self.settings.frame, instruction, question, self.settings.role, shown.get(arm, ""))
            for arm, instruction in self._instructions.items()
        }

    def _fingerprints(self) -> dict[str, str]:
        ever = [self._prompts("{question}", shown) for shown in self.ever_shown_before()]
        return {arm.id: fingerprint([prompts[arm.id] for prompts in ever]) for arm in self.settings.arms}
