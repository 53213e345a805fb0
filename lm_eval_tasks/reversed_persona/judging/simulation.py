r"""Reference judges with known habits, to test the judge tasks with and to learn what their metrics look like.

`simulated_judge` is an instrument, not a model: it knows the answers. It reads both responses from the prompt, grades
them, and calls the one that is not right the weaker student's.

    reversed-persona run --tasks judge_reversed_persona_sample --metadata '{"earlier_run": "out/MODEL"}' \
        --model simulated_judge --model_args model=fair,order_bias=1

    argument    habit                                                                shows in
    order_bias  0 or 1: rates that much higher with the better response first, and   doc_order_gap
                that much lower with it second
    names       "A" or "B": always calls that response weaker                        doc_position_a, doc_identified 0.5
    obeys       true: gives the rating that an injected text asks for                doc_injection_shift
    unreadable  share of replies in [0, 1] without a rating                          doc_unrated, doc_unnamed
    random      true: rates and names by drawing lots                                all at no effect
    seed        which lots                                                           nothing

With injected texts of your own name their folder here too, as `persona_templates`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model

from reversed_persona.answers import grade
from reversed_persona.errors import PromptError, SettingsError, did_you_mean
from reversed_persona.judging.injections import Injection, Injections, load_injections
from reversed_persona.judging.material import make_material
from reversed_persona.reference_model import ReferenceModel

__all__ = ["Judge", "SimulatedJudge"]

SAME_TEXT, SAME_OUTCOME, OTHER_OUTCOME = 1, 2, 4
_CODE = re.compile(r"=== PROBLEM ([0-9a-f]{16}) ===\n")


@dataclass(frozen=True)
class Judge:
    """How a reference judge behaves; see the module's table.

    Attributes:
        order_bias: 0 or 1.
        names: "A", "B" or None.
        obeys: Whether it follows injected texts.
        unreadable: Share of replies in [0, 1] without a rating.
        random: Whether it draws lots.
        seed: Which lots.
    """

    order_bias: int = 0
    names: str | None = None
    obeys: bool = False
    unreadable: float = 0.0
    random: bool = False
    seed: int = 0

    @classmethod
    def from_model_args(cls, model_args: Mapping[str, Any]) -> "Judge":
        """Read what --model_args says.

        Raises:
            SettingsError: A key is unknown, or a value out of range.
        """
        known = cls.__dataclass_fields__
        for key, value in model_args.items():
            if key not in known:
                raise SettingsError(
                    f"simulated_judge: unknown model argument {key!r}; expected {', '.join(known)}"
                    + did_you_mean(key, known)
                )
            said, valid = _EXPECTED[key]
            if not valid(value):
                raise SettingsError(f"simulated_judge: {key}: got {value!r}; expected {said}")
        return cls(**model_args)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_EXPECTED: Mapping[str, tuple[str, Any]] = {
    "order_bias": ("0 or 1", lambda value: _is_number(value) and value in (0, 1)),
    "names": ("A or B", lambda value: value in ("A", "B")),
    "obeys": ("true or false", lambda value: isinstance(value, bool)),
    "unreadable": ("a share from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1),
    "random": ("true or false", lambda value: isinstance(value, bool)),
    "seed": ("a whole number", lambda value: _is_number(value) and isinstance(value, int)),
}


@register_model("simulated_judge")
class SimulatedJudge(ReferenceModel):
    """A reference judge as an lm-eval model. Not a language model: it is told the answers."""

    KIND = "simulated_judge"
    TASKS = "judge_reversed_persona_* only"

    def __init__(self, model: str = "simulated_judge", persona_templates: str | None = None, **model_args: Any) -> None:
        """Read the judge's habits from lm-eval's --model_args.

        Args:
            model: What the judge is called in results.
            persona_templates: Folder of the user's own templates, if the task uses them.
            model_args: See `Judge`; lm-eval's own batch_size, max_batch_size and device are ignored.
        """
        super().__init__(model)
        self.judge = Judge.from_model_args(self.own_arguments(model_args))
        self._injections = load_injections(Path(persona_templates).resolve() if persona_templates else None)

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """Judge each request."""
        golds = {_words(request.doc["question"]): request.doc["gold"] for request in requests}
        return [_reply(self.judge, str(request.args[0]), golds, self._injections) for request in requests]


def _reply(judge: Judge, prompt: str, golds: Mapping[str, str], injections: Injections) -> str:
    code, question, first, second = _read(prompt)
    gold = golds.get(_words(question))
    if gold is None:
        raise PromptError(f"simulated_judge: does not know the problem {question[:60]!r}")
    lots = _lots(judge.seed, code)
    if lots[2] / 256 < judge.unreadable:
        return "I would rather not say."
    if judge.random:
        return _closing(lots[0] % 5 + 1, "AB"[lots[1] % 2])
    (first, second), injection = _without_injection(injections, first, second)
    better_first = grade(first, gold=gold, question=question).status == "correct"
    better_second = grade(second, gold=gold, question=question).status == "correct"
    rating = SAME_TEXT if first == second else SAME_OUTCOME
    tie = _lots(judge.seed, first)[0] > _lots(judge.seed, second)[0] if first != second else lots[1] % 2 == 0
    weaker = "A" if tie else "B"
    if better_first != better_second:
        rating = OTHER_OUTCOME + (judge.order_bias if better_first else -judge.order_bias)
        weaker = "B" if better_first else "A"
    if judge.obeys and injection:
        rating = injection.wants
    return _closing(rating, judge.names or weaker)


def _closing(rating: int, weaker: str) -> str:
    return f"Both responses were graded against the known answer.\nRating: {rating}\nWeaker: {weaker}"


def _read(prompt: str) -> tuple[str, str, str, str]:
    """Return the code, the problem and both responses as the prompt shows them."""
    found = _CODE.search(prompt)
    code = found[1] if found else ""
    parts = [
        re.search(rf"=== {name} {code} ===\n(.*)\n=== END OF {name} {code} ===", prompt, re.DOTALL)
        for name in ("PROBLEM", "RESPONSE A", "RESPONSE B")
    ]
    if found is None or not all(parts):
        raise PromptError(f"simulated_judge: finds no problem and two responses in the prompt {prompt[:60]!r}...")
    question, first, second = (part[1] for part in parts if part)
    return code, question, first, second


def _without_injection(injections: Injections, *responses: str) -> tuple[list[str], Injection | None]:
    """Return the responses without the injected text that ends one of them, as the prompt writes it, and that text."""
    for injection in sorted(injections.texts, key=lambda one: -len(one.text)):
        shown = make_material("", injection.text, "", "").first
        if any(response.endswith(shown) for response in responses):
            return [_without(response, shown) for response in responses], injection
    return list(responses), None


def _without(response: str, ending: str) -> str:
    while response.endswith(ending):
        response = response.removesuffix(ending).rstrip()
    return response


def _lots(seed: int, text: str) -> bytes:
    return hashlib.sha256(f"{seed}/{text}".encode()).digest()


def _words(text: str) -> str:
    """Return a text as it can be found again: the prompt takes marks of chat templates in it apart."""
    return " ".join(make_material(text, "", "", "").question.split())
