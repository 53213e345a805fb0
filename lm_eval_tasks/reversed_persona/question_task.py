"""What all tasks here share: which questions are asked, how prompts are rendered, how lm-eval's options are taken."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import datasets
from lm_eval.api.task import ConfigurableTask

from reversed_persona.answers import opens_thinking
from reversed_persona.decoding import check_decoding, read_repeats
from reversed_persona.errors import PromptError, SettingsError
from reversed_persona.prompts import Prompt

__all__ = ["QuestionTask"]


class QuestionTask(ConfigurableTask):  # type: ignore[misc]  # lm-eval ships no types
    """A task in which one document is one question, with several requests.

    Attributes:
        AGGREGATION: How lm-eval gets a metric's value over all questions.
    """

    AGGREGATION = "mean"

    def __init__(
        self,
        data_dir: str | None = None,
        cache_dir: str | None = None,
        download_mode: object = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        """Check the settings, load the questions, and tell lm-eval which metrics there will be.

        Args:
            data_dir: Not used; lm-eval passes it to every task.
            cache_dir: Not used.
            download_mode: Not used.
            config: The task's YAML as lm-eval read it.

        Raises:
            ReversedPersonaError: A setting, a template or what is asked about is wrong.
        """
        given = {key: value for key, value in (config or {}).items() if key != "class"}
        metadata = self.read_settings(str(given.get("task")), dict(given.get("metadata") or {}))
        super().__init__(
            config=given
            | {
                "metadata": metadata,
                "repeats": read_repeats(metadata, given.get("repeats", 1)),
                "metric_list": [
                    {"metric": name, "aggregation": self.AGGREGATION, "higher_is_better": better}
                    for name, better in self.metric_directions().items()
                ],
                "process_results": type(self).__module__,  # tells lm-eval not to look the metrics up
            }
        )

    @abstractmethod
    def read_settings(self, task: str, metadata: dict[str, Any]) -> dict[str, Any]:
        """Read and check what the metadata asks for.

        Args:
            task: The task's name.
            metadata: The task's, with --metadata and --model_args over it.

        Returns:
            The metadata as the results will show it.
        """

    @abstractmethod
    def metric_directions(self) -> Mapping[str, bool | None]:
        """Return the metrics that the task reports, and whether more of each is better."""

    @abstractmethod
    def documents(self) -> list[dict[str, Any]]:
        """Return the questions' rows that are asked."""

    def download(self, dataset_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Load the questions; lm-eval's own arguments are not used."""
        self.dataset = {self.config.test_split: datasets.Dataset.from_list(self.documents())}

    def set_config(self, key: str, value: Any, update: bool = False) -> None:
        """Set a configuration value, but refuse few-shot examples: they would be another experiment.

        Raises:
            SettingsError: --num_fewshot is not 0.
        """
        if key == "num_fewshot" and value:
            raise SettingsError(
                f"{self.config.task}: --num_fewshot {value}: these tasks show no such examples; leave it out"
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

    def render(self, doc: Mapping[str, Any], prompts: Iterable[Prompt], **kwargs: Any) -> list[Any]:
        """Render prompts as lm-eval does for this run.

        Args:
            doc: The question's row.
            prompts: What is asked about it.
            kwargs: As lm-eval passes them on: system_instruction, apply_chat_template, chat_template and others.

        Raises:
            PromptError: The chat template hides where the thinking ends.
        """
        told = kwargs.get("system_instruction") or ""
        gap = "" if kwargs.get("apply_chat_template") else "\n\n"  # plain text has no turns to keep them apart
        if told:
            kwargs["system_instruction"] = told + gap
        contexts = [
            super(QuestionTask, self).fewshot_context(
                {**doc, "user": prompt.user, "system": prompt.system and prompt.system + gap}, num_fewshot=0, **kwargs
            )
            for prompt in prompts
        ]
        if "think_end_token" in self.config.metadata and any(opens_thinking(str(context)) for context in contexts):
            raise PromptError(
                f"{self.config.task}: the chat template opens the thinking itself, so with think_end_token an "
                "unfinished thought looks like an answer; leave think_end_token out of --model_args, these tasks cut "
                "thinking out by themselves"
            )
        return contexts

    def doc_to_text(self, doc: Mapping[str, Any], doc_to_text: object = None) -> str:
        """Return the user's turn of one prompt, or the question for a bare document."""
        return str(doc["user"] if "user" in doc else doc["question"])

    def doc_to_target(self, doc: Mapping[str, Any], doc_to_target: object = None) -> str:
        """Return the gold answer."""
        return str(doc["gold"])

    def prompt_length(self, doc: Mapping[str, Any]) -> int:
        """Return how many characters of a problem's prompts are its own, which tells the longest prompts."""
        return len(doc["question"])

    def apply_filters(self) -> None:
        """Grade the responses, without those with which data parallelism pads a process's last request."""
        for instance in self.instances:
            del instance.resps[self.config.repeats :]
        super().apply_filters()
