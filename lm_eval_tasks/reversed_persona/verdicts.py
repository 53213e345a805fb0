"""One response's verdict together with the persona that gave it: what filters emit and sample logs keep.

lm-eval turns filtered responses into text before it logs them, so the record travels as one line of JSON.
"""

import json
from dataclasses import dataclass
from typing import Any

from reversed_persona.answers import Verdict

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
            fields: dict[str, Any] = json.loads(text)
            span = fields["span"]
            return cls(
                persona=fields.pop("persona"),
                expected_accuracy=fields.pop("expected_accuracy"),
                verdict=Verdict(**{**fields, "span": tuple(span) if span else None}),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"not a verdict: {text!r:.80}; expected the output of the filter reversed_persona_verdict"
            ) from error
