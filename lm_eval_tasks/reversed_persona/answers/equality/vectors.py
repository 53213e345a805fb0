r"""Read the other ways to write a point or a vector: P(2, 3), \binom{1}{2}, -7\mathbf{i} + 16\mathbf{j}."""

import re

__all__ = ["as_tuple"]

_POINT = re.compile(r"[\s$]*[A-Z]'?\s?(\([^()=]{1,200}\))[\s$.]*")
_COLUMN = re.compile(r"[\s$]*\\[dt]?binom\s?\{([^{}]{1,50})\}\s?\{([^{}]{1,50})\}[\s$.]*")
_TERM = re.compile(
    r"\s*(?P<size>[+-]?[^-+]{0,60}?)\s*\\(?:mathbf|hat|vec|boldsymbol|bm)\s?\{\s?(?:\\mathbf\s?\{\s?)?\\?(?P<axis>[ijk])"
    r"(?:math)?\s?\}{1,2}"
)
_AXES = "ijk"


def as_tuple(answer: str, parts: int) -> str:
    """Write an answer that is such a point or vector of so many parts as "(2, 3)"; any other as it is."""
    named = _POINT.fullmatch(answer)
    if named:
        return named[1]
    column = _COLUMN.fullmatch(answer)
    if column:
        return f"({column[1]},{column[2]})"
    return _of_unit_vectors(" ".join(answer.strip(" $.").split()), parts) or answer


def _of_unit_vectors(answer: str, parts: int) -> str | None:
    sizes, at = dict.fromkeys(_AXES[:parts], "0"), 0
    while found := _TERM.match(answer, at):
        if sizes.get(found["axis"]) != "0":
            return None
        size = found["size"].replace(" ", "").removeprefix("+")
        sizes[found["axis"]] = f"{size}1" if size in ("", "-") else size
        at = found.end()
    return f"({','.join(sizes.values())})" if at and not answer[at:].strip() else None
