r"""Reference respondents: students with known accuracies, to test the benchmark with and to learn its scale from.

`simulated_student` is an instrument, not a model: it knows the answers, and is right exactly as often as it is told.

    reversed-persona run --tasks sample_reversed_persona \
        --model simulated_student --model_args model=obedient,none=0.9,high=1.0,low=0.0

It reads the persona and the problem from the rendered prompt, as a model has to; a prompt that lost the persona is
answered as one without. What it then does is in `students`.
"""

import html
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model

from reversed_persona.arms import Arm, every_arm
from reversed_persona.errors import PromptError
from reversed_persona.personas import Persona, Templates, load_templates
from reversed_persona.personas.text import render
from reversed_persona.prompts import context_text
from reversed_persona.reference_model import ReferenceModel
from reversed_persona.slips import reply
from reversed_persona.students import Student, digest, outcomes

__all__ = ["SimulatedStudent"]

_COLLECTION = "\0"
NOBODY = Arm(Persona(id="none", label="No persona", expected_accuracy=None, wordings=()))


@register_model("simulated_student")
class SimulatedStudent(ReferenceModel):
    """A reference respondent as an lm-eval model. Not a language model: it is told the answers."""

    KIND = "simulated_student"
    TASKS = "generate_until tasks only; choose tasks of this package"

    def __init__(
        self, model: str = "simulated_student", persona_templates: str | None = None, **model_args: Any
    ) -> None:
        """Read the student's behaviour from lm-eval's --model_args.

        Args:
            model: What the respondent is called in results.
            persona_templates: Folder of the user's own templates, if the task uses them.
            model_args: See `Student.from_model_args`; lm-eval's own batch_size, max_batch_size and device are ignored.
        """
        super().__init__(model)
        templates = load_templates(Path(persona_templates).resolve() if persona_templates else None)
        self.student = Student.from_model_args(self.own_arguments(model_args), every_arm(templates))
        self._reader = _Reader(templates)

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """Answer each request; the shares are met within each task of the call."""
        replies = {}
        for task in {request.task_name for request in requests}:
            replies.update(self._answers([request for request in requests if request.task_name == task]))
        return [replies[id(request)] for request in requests]

    def _answers(self, requests: Sequence[Instance]) -> dict[int, str]:
        known = {_words(request.doc["question"]): request.doc for request in requests}
        read = {id(request): self._reader.read(request.args[0], known, request.doc) for request in requests}
        problems = {doc["problem_id"]: doc for doc in known.values()}
        difficulties = {name: doc["difficulty"] for name, doc in problems.items()}
        plan = {arm: outcomes(self.student, arm, difficulties) for arm in {arm for arm, _ in read.values()}}
        wanted = {
            key: (plan[arm][problem["problem_id"]], problem["problem_id"]) for key, (arm, problem) in read.items()
        }
        # arms in which the same becomes of a problem get the same words, written once
        replies = {
            (outcome, name): reply(outcome, problems[name], digest(self.student.seed, name))
            for outcome, name in set(wanted.values())
        }
        return {key: replies[outcome_and_name] for key, outcome_and_name in wanted.items()}


class _Reader:
    """Reads persona and problem out of a rendered prompt."""

    def __init__(self, templates: Templates) -> None:
        arms = every_arm(templates)
        told: dict[str, list[Arm]] = {}
        for arm in arms:
            told.setdefault(_words(arm.instruction(_COLLECTION)), []).append(arm)
        self._told_nothing = [NOBODY, *told.pop("", [])]
        # the longest first, for one instruction may hold another
        self._told = [(_saying(words), told[words]) for words in sorted(told, key=len, reverse=True)]
        before, _, after = render(templates.frame.question, question="\0").partition("\0")
        self._before = _words(before)
        self._after = _words(f"{after} {render(templates.frame.demand)}")
        # all problems of an arm stand in the same words, which are looked through once
        self._arms_told = lru_cache(maxsize=256)(self._find_arms)

    def read(
        self, context: Any, known: Mapping[str, Mapping[str, Any]], doc: Mapping[str, Any]
    ) -> tuple[Arm, Mapping[str, Any]]:
        """Return the arm and the problem.

        Args:
            context: The rendered prompt.
            known: The problems, by question.
            doc: What the task says about the request; where it names a `persona`, the prompt has to tell it. Of arms
                that are told the same, it is the one that is named.

        Raises:
            PromptError: The prompt holds none of the known problems, or not the persona that it should.
        """
        text = context_text(context)
        end = max(text.rfind(self._after), 0)
        asked = text[:end].rstrip()
        question = self._find_question(asked, known)
        if question is None:
            raise PromptError(f"simulated_student: finds no problem that it knows in the prompt {text[-200:]!r}")
        arms = self._arms_told(asked.removesuffix(question), text[end:])
        name = doc.get("persona") or NOBODY.id
        if not arms and name not in {arm.id for arm in self._told_nothing}:
            raise PromptError(
                f"simulated_student: does not recognise persona {name!r} in the prompt {text[:60]!r}...; "
                "own templates have to be named in --model_args persona_templates=FOLDER too"
            )
        arms = arms or self._told_nothing
        return next((arm for arm in arms if arm.id == name), arms[0]), known[question]

    def _find_arms(self, *texts: str) -> Sequence[Arm]:
        """Return the arms that are told what stands in one of these texts; none where nothing is told."""
        return next((arms for saying, arms in self._told if any(map(saying.search, texts))), [])

    def _find_question(self, asked: str, known: Mapping[str, Mapping[str, Any]]) -> str | None:
        """Return the known problem with which the text ends, if it ends with one."""
        if not self._before:  # nothing marks where the problem begins
            return max((question for question in known if asked.endswith(question)), key=len, default=None)
        start = asked.rfind(self._before)
        while start >= 0:
            question = asked[start + len(self._before) :].strip()
            if question in known:
                return question
            start = asked.rfind(self._before, 0, start)
        return None


def _saying(instruction: str) -> re.Pattern[str]:
    """Return what finds an instruction, whatever the problems are called in it."""
    return re.compile(".{1,200}?".join(map(re.escape, instruction.split(_COLLECTION))))


def _words(text: str) -> str:
    return " ".join(html.unescape(text).split())
