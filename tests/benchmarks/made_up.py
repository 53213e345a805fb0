"""Problems of the benchmark's number and about its length, and none of its text, for machines without a network."""

import json
from pathlib import Path

__all__ = ["make_problems"]

_STORY = "Ann has {n} nuts in a bag, and on each of the following days she finds some more of them on her way home. "
_KINDS = (  # what final answers of competition problems look like
    "{n}",
    "\\frac{{{n}}}{{7}}",
    "{n}\\sqrt{{3}}",
    "\\left( {n}, \\frac{{\\pi}}{{2}} \\right)",
    "[-2,{n}]",
    "x^2 + {n}x + 1",
    "{n} - 3i",
    "\\text{{east}}",
    "\\begin{{pmatrix}} 1 & {n} \\\\ 0 & 2 \\end{{pmatrix}}",
)


def _gsm8k() -> list[dict[str, object]]:
    return [
        {
            "question": _STORY.format(n=n) * 2 + f"Today she finds {n + 2}. How many nuts has she now?",
            "answer": f"She has {n}+{n + 2}=<<{n}+{n + 2}={2 * n + 2}>>{2 * n + 2} nuts.\n#### {2 * n + 2}",
        }
        for n in range(1319)
    ]


def _math500() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for n in range(500):
        answer = _KINDS[n % len(_KINDS)].format(n=n + 2)
        steps = " ".join(f"From $a_{k} = {n + k}$ we get $b_{k} = {n + 2 * k}$." for k in range(12))
        rows.append({
            "problem": f"Let $a_k = {n} + k$ for all $k \\ge 0$. What follows from it, if $b_k = a_k + k$ for all $k$?",
            "solution": f"{steps} Hence the answer is $\\boxed{{{answer}}}$.",
            "answer": answer,
            "subject": "Algebra",
            "level": n % 5 + 1,
            "unique_id": f"test/algebra/{n}.json",
        })  # fmt: skip
    return rows


def make_problems(folder: Path) -> Path:
    """Write both problem sets, so that the folder serves as REVERSED_PERSONA_PROBLEMS."""
    for name, rows in (("gsm8k", _gsm8k()), ("math500", _math500())):
        path = folder / name / "test.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder
