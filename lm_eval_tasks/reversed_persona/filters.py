"""lm-eval filters: a raw response -> its verdict.

A filter works response by response: under data parallelism it sees only its own rank's share, so whatever compares
personas happens later, in the task.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lm_eval.api.filter import Filter
from lm_eval.api.registry import register_filter

from reversed_persona.answers import grade
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["VerdictFilter"]


@register_filter("reversed_persona_verdict")
class VerdictFilter(Filter):  # type: ignore[misc]  # lm-eval ships no types
    """Grade every response against the gold of its document."""

    def apply(self, resps: Iterable[Sequence[str]], docs: Sequence[dict[str, Any]]) -> list[list[str]]:
        """Return, per request, the verdict of each response as one line of JSON (see `PersonaVerdict`).

        Args:
            resps: Per request, its responses, one for each repeat.
            docs: Per request, the problem's row with `persona`, `expected_accuracy`, `thinking`,
                `question_header` and, where remarks come before the reply, `reply_header`.
        """
        return [
            [
                PersonaVerdict(
                    persona=doc["persona"],
                    expected_accuracy=doc["expected_accuracy"],
                    verdict=grade(
                        response or "",  # None: an API's empty reply
                        gold=doc["gold"],
                        question=doc["question"],
                        thinking=doc["thinking"],
                        header=doc["question_header"],
                        reply_header=doc.get("reply_header", ""),
                    ),
                ).to_json()
                for response in responses
            ]
            for responses, doc in zip(resps, docs, strict=True)
        ]
