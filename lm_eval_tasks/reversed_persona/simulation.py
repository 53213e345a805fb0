r"""Reference respondents: students with known accuracies, to test the benchmark with and to learn its scale from.

`simulated_student` is an instrument, not a model: it knows the answers, and is right exactly as often as it is told.

    reversed-persona run --tasks sample_reversed_persona \
        --model simulated_student --model_args model=obedient,none=0.9,high=1.0,low=0.0

It reads the persona and the problem from the rendered prompt, as a model has to; a prompt that lost the persona is
answered as one without.
"""

import hashlib
import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM
from lm_eval.api.registry import register_model

from reversed_persona.arms import Arm, every_arm
from reversed_persona.errors import PromptError, SettingsError, did_you_mean
from reversed_persona.personas import Templates, load_templates
from reversed_persona.personas.text import render
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.prompts import context_text
from reversed_persona.slips import no_answer, right_answer, wrong_answer

__all__ = ["SimulatedStudent", "Student", "outcomes"]

Outcome = Literal["correct", "wrong", "unanswered"]
NO_PERSONA = "none"


@dataclass(frozen=True)
class Student:
    """How a reference respondent behaves.

    Attributes:
        accuracy: Share of problems in [0, 1] that it gets right in an arm that `accuracies` does not name.
        accuracies: The same per arm, or per persona for all its arms.
        unanswered: Share of problems in [0, 1] left without an answer, in an arm that `silences` does not name.
        silences: The same per arm or persona.
        coupled: One draw per problem for all arms, so equal accuracies mean equal outcomes; else one draw each.
        exact: The shares are met exactly, rounded to whole problems; else each problem is a draw of its own.
        seed: Which problems.
    """

    accuracy: float = 0.9
    accuracies: Mapping[str, float] = field(default_factory=dict)
    unanswered: float = 0.0
    silences: Mapping[str, float] = field(default_factory=dict)
    coupled: bool = True
    exact: bool = True
    seed: int = 0

    @classmethod
    def from_model_args(cls, model_args: Mapping[str, Any], arms: Sequence[Arm]) -> "Student":
        """Read what --model_args says: accuracy, unanswered, <arm>, unanswered_<arm>, coupled, exact, seed.

        An arm is a persona, or one crossed with something: low, low_hispanic, low_wording_3.

        Raises:
            SettingsError: A key is unknown, or a value out of range.
        """
        ids = sorted({arm.id for arm in arms})
        shares = {"accuracy", "unanswered", *ids, *(f"unanswered_{name}" for name in ids)}
        known = {*shares, "coupled", "exact", "seed"}
        for key, value in model_args.items():
            if key not in known:
                raise SettingsError(
                    f"simulated_student: unknown model argument {key!r}; expected {', '.join(sorted(known))}"
                    + did_you_mean(key, known)
                )
            _check_argument(key, value, key in shares)
        student = cls(
            accuracies={name: float(model_args[name]) for name in ids if name in model_args},
            silences={
                name: float(model_args[f"unanswered_{name}"]) for name in ids if f"unanswered_{name}" in model_args
            },
            **{key: value for key, value in model_args.items() if key in cls.__dataclass_fields__},
        )
        for arm in arms:
            correct, silent = student.shares(arm.id, arm.persona.id)
            if correct + silent > 1:
                raise SettingsError(
                    f"simulated_student: {arm.id}: accuracy {correct} and unanswered {silent} add up to more than 1"
                )
        return student

    def shares(self, arm: str, persona: str) -> tuple[float, float]:
        """Return the shares of correct and of unanswered problems in this arm: its own, or else its persona's."""
        accuracy = self.accuracies.get(arm, self.accuracies.get(persona, self.accuracy))
        return accuracy, self.silences.get(arm, self.silences.get(persona, self.unanswered))


def outcomes(student: Student, arm: str, problem_ids: Sequence[str], persona: str | None = None) -> dict[str, Outcome]:
    """Return what becomes of each problem when the student answers them in this arm, as this persona.

    Problems are put in an order that depends on the seed: the first ones are correct, the last ones unanswered.
    """
    draws = {name: _draw(student, arm, name) for name in problem_ids}
    correct, silent = student.shares(arm, persona or arm)
    if not student.exact:
        return {name: _outcome(draw < correct, draw >= 1 - silent) for name, draw in draws.items()}
    in_order = sorted(draws, key=draws.__getitem__)
    n_correct, n_silent = (math.floor(share * len(in_order) + 0.5) for share in (correct, silent))
    return {name: _outcome(rank < n_correct, rank >= len(in_order) - n_silent) for rank, name in enumerate(in_order)}


@register_model("simulated_student")
class SimulatedStudent(LM):  # type: ignore[misc]  # lm-eval ships no types
    """A reference respondent as an lm-eval model. Not a language model: it is told the answers."""

    def __init__(
        self, model: str = "simulated_student", persona_templates: str | None = None, **model_args: Any
    ) -> None:
        """Read the student's behaviour from lm-eval's --model_args.

        Args:
            model: What the respondent is called in results.
            persona_templates: Folder of the user's own templates, if the task uses them.
            model_args: See `Student.from_model_args`; lm-eval's own batch_size, max_batch_size and device are ignored.
        """
        super().__init__()
        for key in ("batch_size", "max_batch_size", "device"):
            model_args.pop(key, None)
        templates = load_templates(Path(persona_templates).resolve() if persona_templates else None)
        self.name = model
        self.student = Student.from_model_args(model_args, every_arm(templates))
        self._reader = _Reader(templates)

    @property
    def tokenizer_name(self) -> str:
        """Name under which lm-eval caches requests; there is no tokenizer."""
        return "simulated_student"

    def get_model_info(self) -> dict[str, Any]:
        """Mark the results as those of an instrument."""
        return {"reference_respondent": True, "model_name": self.name}

    def chat_template(self, chat_template: bool | str = False) -> str:
        """Return a description of the chat template, for lm-eval's results."""
        return "simulated_student: role and content, line by line"

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        """Write a conversation as plain text."""
        turns = [f"[{message['role']}]\n{message['content']}" for message in chat_history]
        return "\n\n".join([*turns, "[assistant]\n"] if add_generation_prompt else turns)

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """Answer each request; the shares are met within each task of the call."""
        replies = {}
        for task in {request.task_name for request in requests}:
            replies.update(self._answers([request for request in requests if request.task_name == task]))
        return [replies[id(request)] for request in requests]

    def loglikelihood(self, requests: list[Instance], disable_tqdm: bool = False) -> NoReturn:
        """Refuse: a reference respondent only writes answers."""
        raise SettingsError("simulated_student: answers generate_until tasks only; choose tasks of this package")

    def loglikelihood_rolling(self, requests: list[Instance], disable_tqdm: bool = False) -> NoReturn:
        """Refuse: a reference respondent only writes answers."""
        self.loglikelihood(requests)

    def _answers(self, requests: Sequence[Instance]) -> dict[int, str]:
        known = {_question_key(request.doc["question"]): request.doc for request in requests}
        read = {id(request): self._reader.read(request.args[0], known, request.doc) for request in requests}
        ids = sorted({doc["problem_id"] for doc in known.values()})
        asked = {asked_as for asked_as, _ in read.values()}
        plan = {(arm, persona): outcomes(self.student, arm, ids, persona) for arm, persona in asked}
        return {
            key: _reply(plan[asked_as][problem["problem_id"]], problem, self.student.seed)
            for key, (asked_as, problem) in read.items()
        }


class _Reader:
    """Reads persona and problem out of a rendered prompt."""

    def __init__(self, templates: Templates) -> None:
        arms = every_arm(templates)
        sayings = [
            (" ".join(html.unescape(arm.instruction(problem_set.collection)).split()), arm)
            for arm in reversed(arms)
            if arm.persona.wordings
            for problem_set in PROBLEM_SETS.values()
        ]
        # of arms that are told the same it is the one that the task names, or else the plain persona
        self._instructions = dict(sayings)
        self._named = {(words, arm.id): arm for words, arm in sayings}
        before, _, after = render(templates.frame.question, question="\0").partition("\0")
        self._before = _question_key(before)
        self._after = _question_key(f"{after} {render(templates.frame.demand)}")
        self._told_nothing = {NO_PERSONA, *(arm.id for arm in arms if not arm.persona.wordings)}

    def read(
        self, context: Any, known: Mapping[str, Mapping[str, Any]], doc: Mapping[str, Any]
    ) -> tuple[tuple[str, str], Mapping[str, Any]]:
        """Return the arm (its id and its persona's) and the problem.

        Args:
            context: The rendered prompt.
            known: The problems, by question.
            doc: What the task says about the request; where it names a `persona`, the prompt has to tell it.

        Raises:
            PromptError: The prompt holds none of the known problems, or not the persona that it should.
        """
        text = context_text(context)
        told = [words for words in self._instructions if words in text]
        if not told and (doc.get("persona") or NO_PERSONA) not in self._told_nothing:
            raise PromptError(
                f"simulated_student: does not recognise persona {doc['persona']!r} in the prompt {text[:60]!r}...; "
                "own templates have to be named in --model_args persona_templates=FOLDER too"
            )
        words = max(told, key=len, default="")
        arm = self._named.get((words, str(doc.get("persona")))) or self._instructions.get(words)
        asked_as = (arm.id, arm.persona.id) if arm else (NO_PERSONA, NO_PERSONA)
        if problem := self._find_problem(text[: max(text.rfind(self._after), 0)].rstrip(), known):
            return asked_as, problem
        raise PromptError(f"simulated_student: finds no problem that it knows in the prompt {text[-200:]!r}")

    def _find_problem(self, asked: str, known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """Return the known problem with which the text ends, if it ends with one."""
        if not self._before:  # nothing marks where the problem begins
            found = [question for question in known if asked.endswith(question)]
            return known[max(found, key=len)] if found else None
        start = asked.rfind(self._before)
        while start >= 0:
            question = asked[start + len(self._before) :].strip()
            if question in known:
                return known[question]
            start = asked.rfind(self._before, 0, start)
        return None


def _question_key(question: str) -> str:
    return " ".join(html.unescape(question).split())


def _check_argument(key: str, value: Any, is_share: bool) -> None:
    if key in ("coupled", "exact"):
        if not isinstance(value, bool):
            raise SettingsError(f"simulated_student: {key}: got {value!r}; expected true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"simulated_student: {key}: got {value!r}; expected a number")
    elif is_share and not 0 <= value <= 1:
        raise SettingsError(f"simulated_student: {key}: got {value!r}; expected a share from 0 to 1")


def _digest(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:8], "big")


def _draw(student: Student, arm: str, problem_id: str) -> float:
    """Return a number in [0, 1) that depends on the seed, the problem and, if not coupled, the arm."""
    return _digest(student.seed, problem_id, "" if student.coupled else arm) / 2**64


def _outcome(correct: bool, silent: bool) -> Outcome:
    return "correct" if correct else "unanswered" if silent else "wrong"


def _reply(outcome: Outcome, problem: Mapping[str, Any], seed: int) -> str:
    if outcome == "correct":
        return right_answer(problem)
    return wrong_answer(problem, _digest(seed, problem["problem_id"])) if outcome == "wrong" else no_answer()
