"""One response's verdict together with the persona that gave it: what filters emit and sample logs keep.

lm-eval turns filtered responses into text before it logs them, so the record travels as one line of JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from reversed_persona.answers import Status, Verdict

__all__ = ["PersonaVerdict"]


@dataclass(frozen=True, slots=True)
class PersonaVerdict:
    """What one persona's response to one problem came to.

    Attributes:
        persona: Id of the persona that was asked.
        expected_accuracy: What that persona should reach, in [0, 1]; None where nothing is expected.
        verdict: What the response came to.
    """

    persona: str
    expected_accuracy: float | None
    verdict: Verdict

    def to_json(self) -> str:
        """Return the record as one line of JSON."""
        return json.dumps(
            {"persona": self.persona, "expected_accuracy": self.expected_accuracy, **self.verdict.fields()},
            ensure_ascii=True,  # a response may hold lone surrogates, which no UTF-8 file can
        )

    @classmethod
    def from_json(cls, text: str) -> "PersonaVerdict":
        """Read what `to_json` wrote.

        Raises:
            ValueError: `text` is something else.
        """
        try:
            fields = json.loads(text)
        except (ValueError, TypeError) as error:
            raise _no_verdict(text) from error
        return cls.from_fields(fields)

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "PersonaVerdict":
        """Read the object in what `to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        try:
            if fields["status"] not in get_args(Status):
                raise _no_verdict(fields)
            named = {**fields, "span": tuple(fields["span"]) if fields["span"] else None}
            return cls(named.pop("persona"), named.pop("expected_accuracy"), Verdict(**named))
        except (KeyError, TypeError) as error:
            raise _no_verdict(fields) from error


def _no_verdict(found: object) -> ValueError:
    return ValueError(f"not a verdict: {found!r:.80}; expected the output of the filter reversed_persona_verdict")
