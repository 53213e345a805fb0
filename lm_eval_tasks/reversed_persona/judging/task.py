"""The lm-eval task of Degree of Contrast: one document is one question of an earlier run. Wiring only.

Each question makes one request for each showing of two responses to it; see `showings` for these and `scores` for what
comes of them.
"""

import html
import logging
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from lm_eval.api.instance import Instance

from reversed_persona.answers import grade, opens_thinking
from reversed_persona.errors import PromptError
from reversed_persona.followups import EarlierAnswers
from reversed_persona.judging import filters  # noqa: F401  # registers the filter
from reversed_persona.judging.aggregation import AGGREGATION
from reversed_persona.judging.injections import Injection
from reversed_persona.judging.material import MAX_CHARACTERS
from reversed_persona.judging.reading import Judgement
from reversed_persona.judging.scores import BETTER, metric_names, question_scores
from reversed_persona.judging.settings import JudgeSettings
from reversed_persona.judging.showings import material_of, responses_of
from reversed_persona.problems import draw
from reversed_persona.prompts import Prompt, context_text
from reversed_persona.question_task import QuestionTask

__all__ = ["JudgeTask"]


class JudgeTask(QuestionTask):
    """Show a judge two responses to every question, in both orders, and score its replies on one question together."""

    AGGREGATION = AGGREGATION

    def read_settings(self, task: str, metadata: dict[str, Any]) -> dict[str, Any]:
        """Read and check the settings and the judged run; the results show who judges whom.

        Raises:
            ReversedPersonaError: A setting, the rubric or the judged run is wrong.
        """
        self.settings = JudgeSettings.from_metadata(task, metadata)
        return metadata | self._record()

    def metric_directions(self) -> dict[str, bool | None]:
        """Return the metrics that the task reports, and whether more of each is better."""
        return {name: BETTER[name] for name in metric_names(self.settings.arms)}

    def documents(self) -> list[dict[str, Any]]:
        """Make the documents from the judged run."""
        return [_document(answers) for answers in self.settings.earlier.answers.values()]

    def build_all_requests(self, **kwargs: Any) -> None:
        """Build the requests; say so where the judge's own responses are judged.

        Raises:
            ReversedPersonaError: As for all tasks here.
        """
        if self.settings.self_judging:
            logging.getLogger("lm_eval").warning(
                "%s: %s judges its own responses; the results say so", self.config.task, self.settings.judge
            )
        super().build_all_requests(**kwargs)

    def fewshot_context(self, doc: dict[str, Any], num_fewshot: int, **kwargs: Any) -> list[Any]:
        """Return one rendered context per showing, each checked to hold its prompt whole.

        Args:
            doc: The question's row.
            num_fewshot: Always 0; see set_config.
            kwargs: As lm-eval passes them on.

        Raises:
            PromptError: A chat template dropped a part of the prompt, or hides where the thinking ends.
        """
        injection = self._injection(doc)
        prompts = [
            Prompt(
                system="",
                user=self.settings.rubric.prompt(material_of(showing, doc["question"], doc["shown"], injection)),
            )
            for showing in self.settings.arms
        ]
        contexts = self.render(doc, prompts, **kwargs)
        for showing, prompt, context in zip(self.settings.arms, prompts, contexts, strict=True):
            if _plain(prompt.user) not in _plain(context_text(context)):
                raise PromptError(
                    f"{self.config.task}: {showing.id}: the chat template dropped or changed a part of what the judge "
                    "would read; use another one, or none (leave out --apply_chat_template)"
                )
        return contexts

    def construct_requests(self, doc: dict[str, Any], ctx: Sequence[Any], **kwargs: Any) -> list[Instance]:
        """Return one request per showing; its document says which."""
        return [
            Instance(
                request_type="generate_until",
                doc={**doc, "showing": showing.id, "thinking": opens_thinking(str(context))},
                arguments=(context, deepcopy(self.config.generation_kwargs)),
                idx=number,
                metadata=kwargs["metadata"],
            )
            for number, (showing, context) in enumerate(zip(self.settings.arms, ctx, strict=True))
        ]

    def process_results(self, doc: Mapping[str, Any], results: Sequence[Sequence[str]]) -> dict[str, float | None]:
        """Score one question from the judgements of its showings."""
        if "bypass" in self._metric_fn_list:  # --predict_only: replies are kept, nothing is scored
            return {"bypass": 999}
        judged = {
            showing: [Judgement.from_json(line) for line in lines]
            for showing, lines in zip(self.settings.arms, results, strict=True)
        }
        return question_scores(judged, doc["both_correct"], self._injection(doc))

    def prompt_length(self, doc: Mapping[str, Any]) -> int:
        """Return how many characters of a question's prompts are its own: the responses count."""
        return len(doc["question"]) + sum(len(text) for text in doc["shown"].values() if text)

    def _injection(self, doc: Mapping[str, Any]) -> Injection | None:
        injections = self.settings.injections.texts
        return draw(injections, doc["problem_id"], seed=0) if injections else None

    def _record(self) -> dict[str, Any]:
        """Return what the results say about judge and judged run."""
        settings, earlier = self.settings, self.settings.earlier
        return {
            "earlier_run": earlier.described(),
            "judge": settings.judge,
            "self_judging": settings.self_judging,
            "validated": False,
            "label": "unvalidated",
            "responses_cut_at": MAX_CHARACTERS,
            "prompt_fingerprints": {showing.id: settings.rubric.fingerprint for showing in settings.arms},
            "custom": settings.custom,
            "partial": earlier.partial,
        }


def _document(answers: EarlierAnswers) -> dict[str, Any]:
    return {**answers.doc, "shown": responses_of(answers), "both_correct": _both_correct(answers)}


def _both_correct(answers: EarlierAnswers) -> bool:
    """Grade high and low anew, as the judged run did."""
    return all(
        grade(
            (answers.responses[persona] or ("",))[0],
            gold=answers.doc["gold"],
            question=answers.doc["question"],
            thinking=answers.thinking.get(persona, False),
        ).status
        == "correct"
        for persona in ("high", "low")
    )


def _plain(text: str) -> str:
    """Collapse white space and undo HTML escapes to the last: a template may escape what a response has escaped."""
    for _ in range(5):
        unescaped = " ".join(html.unescape(text).split())
        if unescaped == text:
            break
        text = unescaped
    return text
