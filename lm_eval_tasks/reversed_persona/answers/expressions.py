"""Compare with a gold that is no plain number: words, expressions, lists, points, intervals, matrices, equations."""

import re

from reversed_persona.answers.golds import Comparison, Gold, unnamed
from reversed_persona.answers.notation import looks_mathematical, normalise, split_list, to_latex, undress
from reversed_persona.answers.numbers import read_number
from reversed_persona.answers.symbolic import compare_expressions

__all__ = ["compare_expression", "compare_symbolically", "compare_text"]


def compare_symbolically(gold: str, answer: str) -> Comparison:
    """Ask the worker; a gold that it can't read decides nothing."""
    outcome = compare_expressions(gold.strip().rstrip("."), to_latex(answer.strip()))
    return "undecided" if outcome == "gold_unreadable" else outcome


_OPTION = re.compile(r"\(?([A-Z])\)?")
_OPTION_FIRST = re.compile(r"\(?([A-Za-z])(?:\)|[.:](?=\s|$)|$)")


def _words(text: str) -> list[str]:
    plain = re.sub(r"\b(?:option|choice)\s(?=\(?[a-z]\)?$)|(?<=\d)(?:st|nd|rd|th)\b", "", undress(text).lower())
    return re.findall(r"[^\W_]+", plain)


def compare_text(gold: Gold, answer: str) -> Comparison:
    """Compare words; an answer that holds the gold's words among others is left undecided."""
    wanted, given = _words(gold.text), _words(answer)
    if wanted == given or sorted(wanted) == sorted(given):
        return "equal"
    option = _OPTION.fullmatch(undress(gold.text).strip("() "))
    if option:
        chosen = _OPTION_FIRST.match(re.sub(r"^(?:option|choice)\s", "", undress(answer), flags=re.IGNORECASE))
        if chosen is None:
            return "ambiguous" if option[1].lower() in given else "unreadable"
        return "equal" if chosen[1].upper() == option[1] else "different"
    if not given or all(word.isdigit() for word in given):
        return "unreadable"
    first = _words(re.split(r"[,;:(]|\b(?:because|since|as|not)\b", undress(answer))[0])
    if first == wanted:
        return "equal"
    if _in_a_sentence(" ".join(wanted), " ".join(given)):
        return "equal"
    return "ambiguous" if set(wanted) <= set(given) else "different"


def _in_a_sentence(wanted: str, given: str) -> bool:
    """Whether a plain sentence says the words: "the function is even", "Evelyn has the greatest speed"."""
    if re.search(r"\b(?:not|nor|or|neither|isn|never)\b", given):
        return False
    words = re.escape(wanted)
    return bool(
        re.search(rf"\b(?:is|are|was|be|an?|the)\s{words}$", given)
        or re.match(rf"(?:the\s)?{words}\s(?:is|has|had|was|are|runs|ran|did|does|will)\b", given)
    )


_IN_BASE = re.compile(r"(-?[0-9A-Za-z.]+)_(\d{1,2})")
_BASE_WORDS = re.compile(r"(?:in\s?)?base\s?(?:\w+)$", re.IGNORECASE)
_FRAME = re.compile(  # "the solutions are 1 and 2", "the vertex is at (1, 2)"
    r"^(?!sin|cos|tan|log|sqrt)(?:[A-Za-z]{2,}\s+){1,6}(?=[-\d(\[\\$])(?!\\(?:text|cup|in|or)\b)"
)
_INNER_MATH = re.compile(r"\$([^$]{1,500})\$|\\\((.{1,500}?)\\\)")
_MATRIX = re.compile(r"\\begin\{pmatrix\}(.*)\\end\{pmatrix\}")


def compare_expression(gold: Gold, answer: str) -> Comparison:
    """Compare with a gold that is an expression, a list, a point, an interval, a matrix or an equation."""
    based = _IN_BASE.fullmatch(gold.normal)
    if based and _BASE_WORDS.search(answer.strip(" .$")):
        return _compare_in_base(based, normalise(answer))
    answer = _FRAME.sub("", unnamed(answer), count=1)
    if not looks_mathematical(answer):
        inner = [one or other for one, other in _INNER_MATH.findall(answer)]
        if len(inner) != 1:
            return "unreadable"
        answer = inner[0]
        if gold.normal == normalise(answer):
            return "equal"
    given = normalise(answer)
    if "=" not in gold.normal and answer.count("=") == 1:
        return _compare_equated(gold, answer)
    if based:
        return _compare_in_base(based, given)
    wanted_parts, given_parts = _structure(gold.normal), _structure(given)
    if wanted_parts is not None:
        return _compare_parts(wanted_parts, given_parts, gold, answer)
    if given_parts is not None and not given_parts[0] and "\\pm" not in gold.normal:
        return "ambiguous"  # two values where one is asked for
    return compare_symbolically(gold.text, answer)


def _compare_equated(gold: Gold, answer: str) -> Comparison:
    r"""Compare "11\sqrt{2} = 15.56" with an expression: the exact side counts, and the other must be its decimal."""
    left, right = answer.split("=")
    first = compare_expression(gold, left) if gold.normal != normalise(left) else "equal"
    if first == "equal" and read_number(right.strip(" $")) is None and gold.normal != normalise(right):
        return "ambiguous"
    return first if first == "equal" else compare_symbolically(gold.text, right)


def _compare_in_base(gold: "re.Match[str]", given: str) -> Comparison:
    """2516_8: the digits must agree, and the base where it is given."""
    given = _BASE_WORDS.sub("", given)
    digits, _, base = given.partition("_")
    if not re.fullmatch(r"-?[0-9A-Za-z.]+", digits):
        return "unreadable"
    same = digits.upper() == gold[1].upper() and base.strip("{}()") in ("", gold[2])
    return "equal" if same else "different"


def _structure(normal: str) -> tuple[str, list[str]] | None:
    """Give (brackets, parts) of a list "", a tuple or interval "()", "[)", a matrix "m"; None for one expression."""
    matrix = _MATRIX.fullmatch(normal)
    if matrix:
        rows = [row for row in matrix[1].split("\\\\") if row]
        cells = [cell for row in rows for cell in row.split("&")]
        return f"m{len(rows)}", cells
    normal = normal.replace("\\{", "(").replace("\\}", ")") if normal.startswith("\\{") else normal
    normal = normal.replace("\\langle", "(").replace("\\rangle", ")")
    parts = split_list(normal.replace("[", "(").replace("]", ")"))
    if len(parts) > 1:
        return "", split_list(normal.replace("[", "(").replace("]", ")"))
    if normal[:1] in "([" and normal[-1:] in ")]" and len(normal) > 2:
        inner = split_list(normal[1:-1])
        if len(inner) > 1 and len(split_list(f"({normal[1:-1]})")) == 1:
            return normal[0] + normal[-1], inner
    return None


def _compare_parts(
    wanted: tuple[str, list[str]], given: tuple[str, list[str]] | None, gold: Gold, answer: str
) -> Comparison:
    """Compare two structures part by part: in any order for a list, in order for the rest."""
    if given is None:
        return compare_symbolically(gold.text, answer) if wanted[0] else _part_of_list(wanted[1], answer)
    brackets = {wanted[0], given[0]}
    vector = brackets in ({f"m{len(wanted[1])}", "()"}, {f"m{len(wanted[1])}", "[]"})
    if wanted[0] and given[0] and wanted[0] != given[0] and not vector:
        return "different"
    if len(wanted[1]) != len(given[1]):
        return "different"
    if not wanted[0] and len(wanted[1]) <= 20:
        return _match_any_order(wanted[1], list(given[1]))
    results = [_compare_item(one, other) for one, other in zip(wanted[1], given[1], strict=True)]
    return _worst(results)


def _part_of_list(wanted: list[str], answer: str) -> Comparison:
    r"""One expression where the gold lists several: x = 1 \pm 2 may still say them all."""
    return compare_symbolically(",".join(wanted), answer)


def _match_any_order(wanted: list[str], given: list[str]) -> Comparison:
    """Pair each wanted item with an equal one given."""
    seen: list[Comparison] = []
    for item in wanted:
        results = [_cheap(item, other) for other in given]
        if "equal" not in results:
            results = [_compare_item(item, other) for other in given]
        if "equal" in results:
            given.pop(results.index("equal"))
        else:
            seen.append("undecided" if "undecided" in results else "different")
    return _worst(seen)


def _cheap(one: str, other: str) -> Comparison:
    a, b = read_number(one), read_number(other)
    if a is not None and b is not None:
        return "equal" if a.value == b.value else "different"
    return "equal" if normalise(one) == normalise(other) else "undecided"


def _compare_item(one: str, other: str) -> Comparison:
    cheap = _cheap(one, other)
    return compare_symbolically(one, other) if cheap == "undecided" else cheap


def _worst(results: list[Comparison]) -> Comparison:
    order: tuple[Comparison, ...] = ("different", "unreadable", "ambiguous", "undecided")
    return next((outcome for outcome in order if outcome in results), "equal")
