"""The refine task: every problem of an earlier run once more, each arm going on from what it answered. Wiring only.

It follows the earlier run exactly, whatever problems that asked. What it adds to the task it is made from: the
documents, the earlier reply in the prompts, and the change of reversal. Whether an earlier answer was right goes into
the scores and never into a prompt.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from reversed_persona.answers import grade, only_new_reply
from reversed_persona.arms import PASSES, Arm
from reversed_persona.errors import SettingsError
from reversed_persona.followups import ROUND_FIELD, EarlierRun, earlier_path, logged_task, read_earlier_run
from reversed_persona.metrics import DELTAS, Answers, Scores, deltas
from reversed_persona.problems import Problem
from reversed_persona.prompts import question_header
from reversed_persona.quoting import shown_text
from reversed_persona.refining.texts import load_texts
from reversed_persona.settings import SETTINGS, refuse_misspelt
from reversed_persona.shipped import MAKE_ANOTHER_EXPERIMENT
from reversed_persona.task import ReversedPersonaTask

__all__ = ["RefineTask"]

REPLY_FIELD = "reply_header"  # what tells `grade` and the filter where a new reply begins
_OF_THE_BASE_TASK = tuple(key for key in MAKE_ANOTHER_EXPERIMENT if key != "passes")


class RefineTask(ReversedPersonaTask):
    """Ask each arm again, with its own earlier answer before it, and score how much that changes."""

    def read_settings(self, task: str, metadata: dict[str, Any]) -> dict[str, Any]:
        """Read the texts and the earlier run, and show in the results what is followed.

        Args:
            task: The task's name.
            metadata: The task's; `earlier_run` says where the samples are.

        Raises:
            ReversedPersonaError: As for the task it is made from; or there is no such run, or it is another task's, or
                damaged.
        """
        refuse_misspelt(metadata, SETTINGS)  # before a misspelt earlier_run is called missing
        own_templates = metadata.get("persona_templates")
        self._texts = load_texts(Path(own_templates).resolve() if isinstance(own_templates, str) else None)
        self._earlier = self._read_earlier(task, metadata)
        _check_asked(task, metadata)
        followed = {
            "earlier_run": self._earlier.described(),  # in place of a path of this machine
            ROUND_FIELD: self._earlier.round + 1,
            "partial": self._earlier.partial,
        }
        return super().read_settings(task, metadata | followed)

    def build_all_requests(self, **kwargs: Any) -> None:
        """Build the requests; say so where the earlier answers seem to be another model's.

        Raises:
            ReversedPersonaError: As for the task it is made from.
        """
        _warn_of_another_model(self.config.task, self.config.metadata, self._earlier)
        super().build_all_requests(**kwargs)

    def documents(self) -> list[dict[str, Any]]:
        """Return the earlier run's problems, in its order."""
        docs = [dict(answers.doc) for answers in self._earlier.answers.values()]
        self.note_problems(cast(list[Problem], docs))  # checked when the run was read
        added = {ROUND_FIELD: self._earlier.round + 1, REPLY_FIELD: self._texts.header}
        return [doc | added for doc in docs]

    def is_custom(self, digest: str) -> bool:
        """Whether the texts are the user's own, or the earlier run doesn't say that it was the benchmark's."""
        return self.settings.custom or self._texts.custom or self._earlier.custom is not False

    def metric_directions(self) -> dict[str, bool | None]:
        """Return the metrics that the task reports, and whether more of each is better."""
        return {**DELTAS, **super().metric_directions()}

    def shown_before(self, doc: Mapping[str, Any]) -> dict[str, str]:
        """Return what each arm is shown of its earlier answer and asked to do with it, by arm id."""
        return {arm.id: self._texts.ask(arm.group, self._shown(doc, arm)) for arm in self.settings.arms}

    def ever_shown_before(self) -> list[dict[str, str]]:
        """Return the same for a reply that stands for all, for the prompts' fingerprints."""
        return [{arm.id: self._texts.ask(arm.group, "{reply}", "{code}") for arm in self.settings.arms}]

    def request_fields(self, doc: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the filter has to know beside the arm: also where the new reply begins."""
        return {**super().request_fields(doc), REPLY_FIELD: self._texts.header}

    def prompt_length(self, doc: Mapping[str, Any]) -> int:
        """Return how many characters of a problem's longest prompt are its own."""
        return len(doc["question"]) + max(len(self._shown(doc, arm)) for arm in self.settings.arms)

    def score(self, doc: Mapping[str, Any], answers: Answers) -> dict[str, float]:
        """Score one question: as it is answered now, and how that differs from before."""
        return {**deltas(answers, self._before(doc)), **super().score(doc, answers)}

    def _read_earlier(self, task: str, metadata: Mapping[str, Any]) -> EarlierRun:
        base = metadata.get("earlier_task")
        if not isinstance(base, str):
            raise SettingsError(f"{task}: metadata: earlier_task: got {base!r:.80}; expected the name of a task")
        path = earlier_path(metadata, task, base)
        # a folder means the base task; a further round names the file of the round before
        run = read_earlier_run(path, task if logged_task(path) == task else base)
        first = next(iter(run.answers.values()))
        wanted = [f"{persona}_{name}" if run.round else persona for name in PASSES for persona in ("high", "low")]
        if not first.responses.keys() >= set(wanted):
            asked, expected = ", ".join(first.responses), ", ".join(dict.fromkeys(wanted))
            raise SettingsError(f"{run.path}: was asked as {asked}; expected {expected}")
        return run

    def _arm_before(self, arm: Arm) -> str:
        """Return from which arm of the earlier run this one goes on: its own, or in the first round its persona's."""
        return arm.id if self._earlier.round else arm.persona.id

    def _shown(self, doc: Mapping[str, Any], arm: Arm) -> str:
        """Return the earlier reply as the prompt shows it; of several repeats the first."""
        answers, name = self._earlier.answers[doc["problem_id"]], self._arm_before(arm)
        return shown_text(*self._reply(answers.responses[name][0], answers.thinking[name]))

    def _reply(self, response: str, thinking: bool) -> tuple[str, bool]:
        header = self._texts.header if self._earlier.round else ""  # the base task asks for no remarks
        return only_new_reply(response, thinking, header)

    def _before(self, doc: Mapping[str, Any]) -> dict[Arm, Scores]:
        """Grade the earlier answers again, all repeats."""
        answers = self._earlier.answers[doc["problem_id"]]
        header = question_header(self.settings.frame)
        reply_header = self._texts.header if self._earlier.round else ""
        graded = {
            name: Scores.of(
                [
                    grade(
                        response,
                        gold=doc["gold"],
                        question=doc["question"],
                        thinking=answers.thinking[name],
                        header=header,
                        reply_header=reply_header,
                    )
                    for response in answers.responses[name]
                ]
            )
            for name in dict.fromkeys(map(self._arm_before, self.settings.arms))
        }
        return {arm: graded[self._arm_before(arm)] for arm in self.settings.arms}


def _check_asked(task: str, metadata: Mapping[str, Any]) -> None:
    """Refuse settings that would ask something else than the earlier run's problems in the arms that are compared."""
    if (personas := metadata.get("personas")) != ["high", "low"]:
        raise SettingsError(f"{task}: metadata: personas: got {personas!r:.80}; a refine task asks high and low")
    if (passes := metadata.get("passes")) != list(PASSES):
        raise SettingsError(f"{task}: metadata: passes: got {passes!r:.80}; the deltas need {' and '.join(PASSES)}")
    for key in _OF_THE_BASE_TASK:
        if metadata.get(key):
            raise SettingsError(
                f"{task}: metadata: {key}: got {metadata[key]!r:.80}; a refine task takes none, it follows the earlier "
                "run. Leave it out, or give it to the base task"
            )


def _warn_of_another_model(task: str, metadata: Mapping[str, Any], run: EarlierRun) -> None:
    """Say so where the answers seem to be another model's: lm-eval mixes the model's arguments into metadata."""
    asked = metadata.get("pretrained") or metadata.get("model")
    if isinstance(asked, str) and run.model is not None and asked != run.model:
        logging.getLogger("lm_eval").warning(
            "%s: the earlier answers are those of %r, and %r is asked to refine them", task, run.model, asked
        )
