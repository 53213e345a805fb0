"""Compare lists, sets, points, intervals and matrices part by part."""

import re
from itertools import pairwise

from reversed_persona.answers.equality.requests import ask, compare_symbolically
from reversed_persona.answers.reading.golds import Comparison, Gold
from reversed_persona.answers.reading.notation import normalise, spell, split_list
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["Structure", "both_signs", "compare_named", "compare_parts", "named_parts", "point_of", "structure"]

Structure = tuple[str, list[str]]
"""Brackets and parts: a list "", a set "{}", a tuple or interval "()", "[)", a matrix of two rows "m2"."""

_UNORDERED = ("", "{}")
_NAMED_PART = re.compile(r"(?P<name>[a-zA-Z])=(?P<value>[^=]+)")
_NEAR = 3  # from h to k
_NAME_TUPLE = re.compile(r"\(\s?([a-zA-Z](?:\s?,\s?[a-zA-Z]){1,5})\s?\)")
_NESTED = re.compile(r"\[\[([^\[\]]+(?:\],\[[^\[\]]+){0,20})\]\]")
_ROW_BREAK = re.compile(r"\],\[")
_SCALED = re.compile(r"(-?(?:\\frac\{[^{}]{1,20}\}\{[^{}]{1,20}\}|\d{1,9}(?:/\d{1,9})?))\*?(?=\\begin\{pmatrix\})")
_MATRIX = re.compile(r"\\begin\{pmatrix\}(.*)\\end\{pmatrix\}")


def structure(normal: str) -> Structure | None:
    """Take a normalised text apart; None for one expression."""
    scaled = _SCALED.match(normal)
    if scaled and (column := structure(normal[scaled.end() :])):
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


def compare_parts(wanted: Structure, given: Structure | None, gold: Gold, answer: str) -> Comparison:
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
        wanted, given = (wanted[0], both_signs(wanted[1])), (given[0], both_signs(given[1]))
    if len(wanted[1]) != len(given[1]):
        return "different"
    return _compare_items(wanted[1], given[1], in_order=wanted[0] not in _UNORDERED)


def both_signs(parts: list[str]) -> list[str]:
    r"""Write 1 \pm \sqrt{5} as the two values that it is."""
    signs = ("+", "-")
    return [one for part in parts for one in ([part.replace("\\pm", s) for s in signs] if "\\pm" in part else [part])]


def named_parts(answer: str) -> dict[str, list[str]] | None:
    """Read "y = -2, x = 1" into each name's values; None where not every part is one letter's."""
    if answer.count("=") < 2:
        return None
    named: dict[str, list[str]] = {}
    spelled = spell(answer)
    inner = spelled[1:-1] if spelled.startswith("(") and spelled.endswith(")") else spelled
    for part in split_list(inner):
        found = _NAMED_PART.fullmatch(part)
        if found is None:
            return None
        named.setdefault(found["name"], []).append(found["value"])
    return named


def point_of(gold: str) -> str:
    """Write a gold "x = 2, y = 1" as the point that it is; any other gold as it stands."""
    named = named_parts(gold) or {}
    order = _order_of(list(named), "") or []
    if len(order) < 2 or any(len(values) > 1 for values in named.values()):
        return gold
    return f"({','.join(named[name][0] for name in order)})"


def compare_named(wanted: Structure, named: dict[str, list[str]], gold: Gold, question: str) -> Comparison:
    """Compare a point with values that have names: in the names' order, if it is clear."""
    order = _order_of(list(named), question)
    if order and all(len(values) == 1 for values in named.values()):
        return compare_parts(wanted, ("()", [named[name][0] for name in order]), gold, "")
    values = [value for several in named.values() for value in several]
    same = compare_parts(("", wanted[1]), ("", values), gold, "")
    return "ambiguous" if same == "equal" else same


def _order_of(names: list[str], question: str) -> list[str] | None:
    """Give the order in which the question writes the names, else the alphabet's if they are near each other in it."""
    for found in _NAME_TUPLE.findall(question):
        asked = [name.strip() for name in found.split(",")]
        if sorted(asked) == sorted(names):
            return asked
    ordered = sorted(names)
    near = all(ord(after) - ord(before) <= _NEAR for before, after in pairwise(ordered))
    return ordered if near else None  # not for (m, b)


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
    return ask(wanted, given, "in_order" if in_order else "any_order") if wanted else "equal"


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
