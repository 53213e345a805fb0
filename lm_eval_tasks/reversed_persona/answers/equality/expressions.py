"""Compare with a gold that is no plain number: words, expressions, lists, points, intervals, matrices, equations."""

import re

from reversed_persona.answers.equality.symbolic import compare_expressions
from reversed_persona.answers.reading.golds import Comparison, Gold, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, normalise, split_list, to_latex, undress
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["compare_expression", "compare_symbolically", "compare_text"]


def compare_symbolically(gold: str, answer: str) -> Comparison:
    """Ask the worker; a gold that it can't read decides nothing."""
    return _ask([to_latex(gold.strip().rstrip("."))], [answer])


def _ask(wanted: list[str], given: list[str], in_order: bool = True) -> Comparison:
    outcome = compare_expressions(tuple(wanted), tuple(to_latex(one.strip()) for one in given), in_order)
    return "undecided" if outcome == "gold_unreadable" else outcome


_CALENDAR_LISTED = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
_CALENDAR = frozenset(_CALENDAR_LISTED.split())
_OPTION = re.compile(r"\(?([A-Z])\)?")
_OPTION_FIRST = re.compile(r"\(?([A-Za-z])(?:\)|[.:](?=\s|$)|$)")


def _words(text: str) -> list[str]:
    plain = re.sub(r"\b(?:option|choice)\s(?=\(?[a-z]\)?$)|(?<=\d)(?:st|nd|rd|th)\b", "", undress(text).lower())
    return re.findall(r"[^\W_]+(?:'(?![^\W_]))?", plain)


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
    if len(wanted) == len(given) == 1 and wanted[0] in _CALENDAR and len(given[0]) >= 3:
        return "equal" if wanted[0].startswith(given[0].rstrip(".")) else "different"
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
_BASE_WORDS = re.compile(r"\(?(?:in\s?)?base\s?(?:\w+)\)?$", re.IGNORECASE)
_FRAME = re.compile(  # "the solutions are 1 and 2", "the vertex is at (1, 2)"
    r"^(?!sin|cos|tan|log|sqrt)(?:[A-Za-z]{2,}\s+){1,6}(?=[-\d(\[\\$])(?!\\(?:text|cup|in|or)\b)"
)
_RELATION = re.compile(r"[<>≤≥]|\\[lg]eq?(?![a-zA-Z])")
_EQUALS = re.compile(r"(?<![<>!])=")
_IRRATIONAL = re.compile(r"\\(?:sqrt|pi|log|ln|sin|cos|tan)|e\^")
_MIXED = re.compile(r"\d\s\d+\s?/\s?\d")
_OR = re.compile(r"(?<![a-zA-Z\\])or(?![a-zA-Z])")
_SET_BUILDER = re.compile(
    r"[\s$]*\\?\{\s?[a-z]\s?(?:\\in\s?\\mathbb\{?R\}?\s?)?(?::|\\mid|\|)([^{}]{1,200}?)\\?\}[\s$]*"
)
_EXCLUDES = re.compile(r"≠|\\neq?(?![a-zA-Z])")
_LETTER = re.compile(r"[\s$]*[-−]?[A-Z][\s$.]*(?:\([^()]*\))?")
_SCALED = re.compile(r"(-?(?:\\frac\{[^{}]{1,20}\}\{[^{}]{1,20}\}|\d{1,9}(?:/\d{1,9})?))\*?(?=\\begin\{pmatrix\})")
_BOUNDS = re.compile(r"([^<>=,]{1,60})(<=?)[a-z](?:\([a-z]\))?(<=?)([^<>=,]{1,60})")
_RADIANS = re.compile(r"\s?\brad(?:ians?)?[\s.]*$")
_APPROXIMATELY = re.compile(r"(?<=[\w)}\s])\s?(?:≈|\\approx(?![a-zA-Z]))")
_EITHER = re.compile(r"[\s*$]*either\b", re.IGNORECASE)
_SAYS_SEVERAL = ("<", ">", "=", "\\in", "\\cup", "\\cap", "\\pm", "\\mathbb", "\\emptyset", "\\varnothing")
_INNER_MATH = re.compile(r"\$([^$]{1,500})\$|\\\((.{1,500}?)\\\)")
_UNORDERED = ("", "{}")
_NESTED = re.compile(r"\[\[([^\[\]]+(?:\],\[[^\[\]]+){0,20})\]\]")
_ROW_BREAK = re.compile(r"\],\[")
_MATRIX = re.compile(r"\\begin\{pmatrix\}(.*)\\end\{pmatrix\}")


def compare_expression(gold: Gold, answer: str) -> Comparison:
    """Compare with a gold that is an expression, a list, a point, an interval, a matrix or an equation."""
    based = _IN_BASE.fullmatch(gold.normal)
    if based and _BASE_WORDS.search(answer.strip(" .$")):
        return _compare_in_base(based, normalise(answer))
    answer = _RADIANS.sub("", answer)
    if answer.startswith("\\((") and answer.endswith("\\)"):
        answer = answer[2:-2]
    builder = _SET_BUILDER.fullmatch(answer)
    if builder and not _SET_BUILDER.fullmatch(gold.text):
        answer = builder[1]
    if _APPROXIMATELY.search(answer) and not _APPROXIMATELY.search(gold.text):
        answer = _APPROXIMATELY.split(answer)[0].rstrip(" $")  # the exact side counts
        if gold.normal == normalise(answer):
            return "equal"
    excludes = _EXCLUDES.search(answer) is not None and _EXCLUDES.search(gold.text) is None
    if excludes or ("matrix" in gold.text and _LETTER.fullmatch(answer)):
        return "unreadable"  # "0 < x < 36, x ≠ 9" is no list; -I is the gold or not
    if _EITHER.match(answer):
        return "ambiguous"
    number = read_number(answer)
    if number is not None and (number.decimals or "," in answer) and _IRRATIONAL.search(gold.normal):
        return "different"  # a decimal is no exact value, however long
    if number is not None and _MIXED.search(answer):
        answer = str(number.value)  # 7 3/4 is no product
    answer = _FRAME.sub("", answer if "=" in gold.text else unnamed(answer), count=1)
    if "\\pm" in gold.normal:
        answer = answer.replace("+-", "\\pm ")
    wanted_parts = _structure(gold.normal)
    if _OR.search(answer) and not _RELATION.search(answer) and (wanted_parts is None or wanted_parts[0]):
        return "ambiguous"
    if not looks_mathematical(answer):
        inner = [one or other for one, other in _INNER_MATH.findall(answer)]
        if len(inner) != 1:
            return "unreadable"
        answer = inner[0]
        if gold.normal == normalise(answer):
            return "equal"
    given = normalise(answer)
    if "=" not in gold.text and len(_EQUALS.findall(answer)) == 1:
        return _compare_equated(gold, answer)
    if based:
        return _compare_in_base(based, given)
    within = _BOUNDS.fullmatch(given)
    if within and wanted_parts is not None and wanted_parts[0][:1] in ("(", "["):  # the same without the worker
        given = f"{'[' if within[2] == '<=' else '('}{within[1]},{within[4]}{']' if within[3] == '<=' else ')'}"
    given_parts = _structure(given)
    if wanted_parts is not None:
        return _compare_parts(wanted_parts, given_parts, gold, answer)
    if given_parts is not None and not any(sign in gold.normal for sign in _SAYS_SEVERAL):
        return "ambiguous"  # two values where one is asked for
    return compare_symbolically(gold.text, answer)


def _compare_equated(gold: Gold, answer: str) -> Comparison:
    r"""Compare "11\sqrt{2} = 15.56" with an expression: the exact side counts, and the other must be its decimal."""
    left, right = _EQUALS.split(answer)
    if re.search(r"(?<![\\a-zA-Z])[a-zA-Z](?![a-zA-Z])", left):
        return "ambiguous"  # x + 3 = 5 is no value
    first = compare_expression(gold, left) if gold.normal != normalise(left) else "equal"
    if first == "undecided":
        return first  # one limit of time for both
    if first == "equal" and read_number(right.strip(" $")) is None and gold.normal != normalise(right):
        return "ambiguous"
    return first if first == "equal" else compare_symbolically(gold.text, right)


def _compare_in_base(gold: "re.Match[str]", given: str) -> Comparison:
    """2516_8: the digits must agree, and the base where it is given."""
    named = re.search(r"base\s?(\d+)", given)
    if named and named[1] != gold[2]:
        return "different"
    given = _BASE_WORDS.sub("", given)
    digits, _, base = given.partition("_")
    if not re.fullmatch(r"-?[0-9A-Za-z.]+", digits):
        return "unreadable"
    base = base.strip("{}()")
    number = read_number(base)  # 4343_six
    same = digits.upper() == gold[1].upper() and (not base or (number is not None and str(number.value) == gold[2]))
    return "equal" if same else "different"


def _structure(normal: str) -> tuple[str, list[str]] | None:
    """Give (brackets, parts) of a list "", a tuple or interval "()", "[)", a matrix "m"; None for one expression."""
    scaled = _SCALED.match(normal)
    if scaled and (column := _structure(normal[scaled.end() :])):
        return column[0], [f"{scaled[1]}*({cell})" for cell in column[1]]
    matrix = _MATRIX.fullmatch(normal)
    if matrix:
        rows = [row for row in matrix[1].split("\\\\") if row]
        cells = [cell for row in rows for cell in row.split("&")]
        return f"m{len(rows)}", cells
    nested = _NESTED.fullmatch(normal)
    if nested:
        rows = _ROW_BREAK.split(nested[1])
        return f"m{len(rows)}", [cell for row in rows for cell in row.split(",")]
    if normal.startswith("\\{") and normal.endswith("\\}"):
        return "{}", split_list(normal[2:-2])
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
        if wanted[0]:
            return compare_symbolically(gold.text, answer)
        return compare_symbolically(",".join(wanted[1]), answer)  # x = 1 \\pm 2 may still say them all
    brackets = {wanted[0], given[0]}
    if given[0] == "{}" and wanted[0] not in _UNORDERED:
        return "different"  # a set is no point
    if wanted[0] in _UNORDERED and given[0] in ("()", "{}"):
        given = ("", given[1])
    vector = brackets in ({f"m{len(wanted[1])}", "()"}, {f"m{len(wanted[1])}", "[]"})
    if wanted[0] and given[0] and wanted[0] != given[0] and not vector:
        return "different"
    if wanted[0] in _UNORDERED and len(wanted[1]) != len(given[1]):
        wanted, given = (wanted[0], _both_signs(wanted[1])), (given[0], _both_signs(given[1]))
    if len(wanted[1]) != len(given[1]):
        return "different"
    return _compare_items(wanted[1], given[1], in_order=wanted[0] not in _UNORDERED)


def _both_signs(parts: list[str]) -> list[str]:
    r"""Write 1 \pm \sqrt{5} as the two values that it is."""
    signs = ("+", "-")
    return [one for part in parts for one in ([part.replace("\\pm", s) for s in signs] if "\\pm" in part else [part])]


def _compare_items(wanted: list[str], given: list[str], in_order: bool) -> Comparison:
    """Settle what is cheap to settle, and ask for the rest in one request."""
    if in_order:
        outcomes = [(_cheap(one, other), one, other) for one, other in zip(wanted, given, strict=True)]
        if any(outcome == "different" for outcome, _, _ in outcomes):
            return "different"
        open_pairs = [(one, other) for outcome, one, other in outcomes if outcome == "undecided"]
        wanted, given = [one for one, _ in open_pairs], [other for _, other in open_pairs]
    else:
        wanted, given = _unpaired(wanted, given)
        if wanted and all(_cheap(one, other) == "different" for one in wanted for other in given):
            return "different"
    return _ask(wanted, given, in_order) if wanted else "equal"


def _unpaired(wanted: list[str], given: list[str]) -> tuple[list[str], list[str]]:
    """Take out the items that plainly are each other's equals."""
    left, open_items = list(given), []
    for one in wanted:
        equal = next((other for other in left if _cheap(one, other) == "equal"), None)
        if equal is None:
            open_items.append(one)
        else:
            left.remove(equal)
    return open_items, left


def _cheap(one: str, other: str) -> Comparison:
    a, b = read_number(one), read_number(other)
    if a is not None and b is not None:
        return "equal" if a.value == b.value else "different"
    return "equal" if normalise(one) == normalise(other) else "undecided"
