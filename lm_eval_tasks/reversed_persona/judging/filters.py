"""The lm-eval filter of the judge tasks: a judge's reply -> its judgement."""

from collections.abc import Iterable, Sequence
from typing import Any

from lm_eval.api.filter import Filter
from lm_eval.api.registry import register_filter

from reversed_persona.judging.reading import read_judgement

__all__ = ["JudgementFilter"]


@register_filter("reversed_persona_judgement")
class JudgementFilter(Filter):  # type: ignore[misc]  # lm-eval ships no types
    """Read every reply's rating and the response that it calls weaker."""

    def apply(self, resps: Iterable[Sequence[str]], docs: Sequence[dict[str, Any]]) -> list[list[str]]:
        """Return, per request, the judgement of each reply as one line of JSON (see `Judgement`).

        Args:
            resps: Per request, its replies, one for each repeat.
            docs: Per request, the question's row with `showing` and `thinking`.
        """
        return [
            [
                read_judgement(reply or "", doc["thinking"]).to_json(doc["showing"]) for reply in replies
            ]  # None: an empty reply
            for replies, doc in zip(resps, docs, strict=True)
        ]
