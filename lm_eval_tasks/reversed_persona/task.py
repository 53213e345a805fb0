"""The lm-eval task: one document is one question, with one request per persona. Wiring only.

The personas of a question share a document, so nothing (--limit, --samples, data-parallel shards) breaks the pairing.
The keys of the task's `metadata` that it reads are in `settings`. lm-eval mixes every --model_args key into metadata,
so all others are left alone.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

from lm_eval.api.instance import Instance

from reversed_persona import __version__, filters, group_errors  # noqa: F401  # registers the filter; mends a group's errors
from reversed_persona.answers import opens_thinking
from reversed_persona.asking import Asking
from reversed_persona.metrics import Answers, Scores, directions, question_scores
from reversed_persona.own_problems import read_own_problems
from reversed_persona.problems import PROBLEM_SETS, Problem, choose, load_problems, problems_digest
from reversed_persona.prompts import Prompt, check_contexts, question_header
from reversed_persona.question_task import QuestionTask
from reversed_persona.settings import TaskSettings
from reversed_persona.shipped import changed_settings
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["ReversedPersonaTask"]


class ReversedPersonaTask(QuestionTask):
    """Ask every problem once as each persona, and score the answers of one question together."""

    def read_settings(self, task: str, metadata: dict[str, Any]) -> dict[str, Any]:
        """Read and check the settings; the results also show where the persona stands, and whose verdicts these are.

        Raises:
            ReversedPersonaError: A setting or a template is wrong.
        """
        self.settings = TaskSettings.from_metadata(metadata)
        self._asking = Asking(self.settings)
        fingerprints = self._asking.fingerprints(self.ever_shown_before())
        return metadata | {
            "persona_role": self.settings.role,
            "prompt_fingerprints": fingerprints,
            "reversed_persona_version": __version__,
        }

    def documents(self) -> list[dict[str, Any]]:
        """Load the problems' rows that are asked, and note what they are."""
        if self.settings.own:
            problems = read_own_problems(Path(self.settings.problems))
        else:
            problems = load_problems(self.settings.problems, self.settings.problems_dir)
        self.note_problems(problems)
        return cast(list[dict[str, Any]], choose(problems, self.settings.questions))

    def note_problems(self, problems: Sequence[Problem]) -> None:
        """Show in the results which problems they are, and whether these or the prompts are not the benchmark's."""
        digest = problems_digest(problems)
        self.config.metadata |= {
            "problems_digest": digest,
            "n_problems": len(problems),
            "custom": self.is_custom(digest),
        }

    def is_custom(self, digest: str) -> bool:
        """Whether other prompts or other or fewer problems would pass, under the same name, for the benchmark's.

        Args:
            digest: That of the problems.
        """
        named = PROBLEM_SETS.get(self.config.dataset_name)
        others = named is None or digest != named.digest
        return self.settings.custom or others or bool(changed_settings(self.config.task, self.config.metadata))

    def metric_directions(self) -> dict[str, bool | None]:
        """Return the metrics that the task reports, and whether more of each is better."""
        return directions(self.settings.arms, self.settings.measures)

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
        contexts = self.render(doc, prompts.values(), **kwargs)
        told = kwargs.get("system_instruction") or ""
        check_contexts(self.config.task, prompts, contexts, self.settings.role, self._asking.instructions, told)
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
        return self._asking.prompts(doc["question"], self.shown_before(doc))

    def shown_before(self, doc: Mapping[str, Any]) -> dict[str, str]:
        """Return what stands before a problem, by arm id: the worked example that is drawn for it, if any."""
        return self._asking.example(doc["problem_id"])

    def ever_shown_before(self) -> list[dict[str, str]]:
        """Return all that may stand before a problem, by arm id, for the prompts' fingerprints."""
        return self._asking.every_example()

    def request_fields(self, doc: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the filter has to know of a problem's responses beside the arm."""
        return {"question_header": question_header(self.settings.frame)}
