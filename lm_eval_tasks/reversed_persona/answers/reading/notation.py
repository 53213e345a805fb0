r"""Take off the clothes of a mathematical text: LaTeX dressing, markdown, units, spaces.

`undress` keeps the words and their spaces (for reading numbers); `normalise` gives the string that two equal answers
share in the common cases; `looks_mathematical` says whether a text may be handed to a parser that reads every word as
a product of letters.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from reversed_persona.answers.reading.commands import with_known_functions
from reversed_persona.answers.reading.unit_words import without_unit, without_words

__all__ = [
    "box_content",
    "canonical",
    "ends_primed",
    "goes_on",
    "looks_mathematical",
    "normalise",
    "primed_names",
    "spell",
    "split_list",
    "to_latex",
    "undress",
]

_SIGNS: dict[int, str | None] = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "‐": "-",
        "‑": "-",
        "’": "'",
        "′": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        **dict.fromkeys("“”«»「」", '"'),
        "：": ":",
        "，": ",",
        "％": "%",
        "．": ".",
        "٫": ".",
        "٬": ",",
        "º": "°",
        "˚": "°",
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"),
    }
)
_THOUSANDS = re.compile(r"(?<=\d)(?:\s?\{,\s?\}|,\s?\\!\s?|\\[,!;]|,\s?\\;)\s?(?=\d{3}(?!\d))")
_SPACING = re.compile(r"(?<!\\)\\(?:[!,;:> ]|q?quad\b|hspace\{[^{}]{0,20}\}|displaystyle\b|limits\b)|~")
_SIZES = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])\.?|\\(?:text)?color\s?\{\w{1,20}\}")
_FRACTIONS = re.compile(r"\\[dtc]frac(?![a-zA-Z])")
_TEXT = re.compile(
    r"\\(?:text|mbox|textbf|textit|textrm|textnormal|mathrm|mathbf|mathit|mathcal|boldsymbol|underline|operatorname|rm|hbox)\s?"
    r"\{([^{}]*)\}"
)
_BOX = re.compile(r"\\f?boxed?\s?\{([^{}]*(?:\{[^{}]*\}[^{}]*){0,20})\}")
_DEGREES = re.compile(r"\^\s?\{?\s?\\circ\s?\}?|°|\\degree\b|\^\s?\{\\text\{o\}\}")
_DELIMITERS = re.compile(r"(?<!\\)\\[()\[\]]|\\?\$|(?<![\w)])\*\*|\*\*(?![\w(-])|__|`")
_MINUS_MONEY = re.compile(r"(?<![\w)}\]])-\s?\\?\$\s?(?=[\d.])")
_MARKUP = ' \t\r\n*_`"'
_PRIMES = re.compile(r"\^\s?(?:\{\s?(?:\\prime\s?){1,3}\}|\\prime(?![a-zA-Z]))")
_PRIMED = re.compile(r"(?:(?<![a-zA-Z])[a-zA-Z]|[)}])'{1,3}")
_ONE_VALUE_WORDS = re.compile(r"\s?\b(?:degrees?|radians?|rad)\b")


def _unmarked(text: str) -> str:
    """Strip markdown and quotation marks; the prime of a last letter stays."""
    text = text.strip(_MARKUP)
    if text[:1] == "'":
        text = text.strip("'.,").strip(_MARKUP)
    elif text[-1:] == "'" and not ends_primed(text):
        text = text.rstrip("'").strip(_MARKUP)
    return text


def ends_primed(text: str) -> bool:
    """Whether a text ends with the prime of a name, rather than with a quotation mark."""
    return any(text.endswith(found) for found in _PRIMED.findall(text[-6:]))


def _with_primes(text: str) -> str:
    r"""Write A^{\prime} as A'."""
    return _PRIMES.sub(lambda found: "'" * found.group().count("prime"), text) if "\\prime" in text else text


def primed_names(text: str) -> frozenset[str]:
    """Give the names that bear a prime: f', A''."""
    text = _with_primes(text.translate(_SIGNS))
    return frozenset(_PRIMED.findall(text)) if "'" in text else frozenset()


def undress(text: str) -> str:
    """Strip markdown, math delimiters, sizes and text commands; keep words, digits and single spaces."""
    text = _unmarked(text.translate(_SIGNS)).replace("{:}", ":")
    if "\\" in text or "$" in text or "{" in text:
        text = _with_primes(text.replace(",\\!", ""))
        text = _THOUSANDS.sub("", text)
        text = _BOX.sub(r"\1", text)
        text = _FRACTIONS.sub(r"\\frac", _SIZES.sub("", text))
        text = _DEGREES.sub("", text)
        text = _TEXT.sub(r" \1 ", text)
        text = text.replace("\\%", "%").replace("\\&", "&")
        text = _DELIMITERS.sub(" ", _MINUS_MONEY.sub("-", text) if "-" in text else text)
        text = _SPACING.sub(" ", text)
    elif "°" in text or "*" in text or "`" in text:
        text = _DELIMITERS.sub("", text.replace("°", ""))
    return _unmarked(" ".join(text.split()))


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SYMBOLS: tuple[tuple["re.Pattern[str]", "str | Callable[[re.Match[str]], str]"], ...] = (
    (re.compile(r"\\(?:cdot|times|ast)(?![a-zA-Z])|[×·]"), "*"),
    (re.compile(r"\\leq?q?(?:slant)?(?![a-zA-Z])|≤"), "<="),
    (re.compile(r"\\geq?q?(?:slant)?(?![a-zA-Z])|≥"), ">="),
    (re.compile(r"≠|!="), r"\\ne "),
    (re.compile(r"∛\s?(\d+)"), r"\\sqrt[3]{\1}"),
    (re.compile(r"\\lt(?![a-zA-Z])"), "<"),
    (re.compile(r"\\gt(?![a-zA-Z])"), ">"),
    (re.compile(r"π|(?<![\\a-zA-Z])pi(?![a-zA-Z])"), r"\\pi "),
    (re.compile(r"∞|(?<![\\a-zA-Z])infinity\b|(?<![\\a-zA-Z])oo\b"), r"\\infty "),
    (re.compile(r"∪|(?<=[)\]])\s?U\s?(?=[(\[])"), r"\\cup "),
    (re.compile(r"(?:√|(?<![\\a-zA-Z])sqrt)\s?(\d+)"), r"\\sqrt{\1}"),
    (re.compile(r"√\s?\(([^()]*)\)|(?<![\\a-zA-Z])sqrt\s?\(([^()]*)\)"), r"\\sqrt{\1\2}"),
    (re.compile(r"±|\+/-"), r"\\pm "),
    (re.compile(r"∈"), r"\\in "),
    (re.compile(r"[⁰¹²³⁴-⁹]+"), lambda found: f"^{{{found.group().translate(_SUPERSCRIPTS)}}}"),
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"[₀-₉]+"), lambda found: f"_{{{found.group().translate(_SUBSCRIPTS)}}}"),
    (re.compile(r"\^(-\w|-?\d\d+)"), r"^{\1}"),
    (re.compile(r"(?<![\\a-zA-Z])(arcsin|arccos|arctan|sin|cos|tan|cot|sec|csc|log|ln|exp)(?![a-zA-Z])"), r"\\\1 "),
    (re.compile(r"\\(?:vec|mathbf)\s?\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\overline\s?\{([A-Z]{1,4})\}"), r"\1"),  # a segment; over a value it is the conjugate
    (re.compile(r"\\[bBp]matrix"), "pmatrix"),
    (re.compile(r"\{[bBp]matrix\}"), "{pmatrix}"),
    (re.compile(r"∅|\\varnothing|\\\{\s?\\\}"), r"\\emptyset "),
)
_TYPED = re.compile(
    r"[√∛π∞×·⁰¹²³⁴-⁹±∪∈−≤≥≠₀-₉]|[!<>]=|\*\*|\^-?\d\d|\^-\w|(?<![\\a-zA-Z])(?:sin|cos|tan|log|ln|exp|arc\w{3}|pi)(?![a-zA-Z])|(?<![\\a-zA-Z])sqrt\s?[\d(]|\*\s?i\b|\bi\s?\*"
)


_OF_A_LETTER = re.compile(r"\\(sin|cos|tan|cot|sec|csc|log|ln)\s{1,3}([a-zA-Z])(?=\s?/)")  # cos x / sin x


def to_latex(text: str) -> str:
    r"""Rewrite what people type without LaTeX (√2, x², 5*i) as LaTeX, and \mathrm{e} as e, which is no unit."""
    if "\\" in text:
        text = _UPRIGHT.sub(r"\1", text)
    if "h" in text:
        text = with_known_functions(text)
    if not _TYPED.search(text):
        return text
    text = text.translate(_SIGNS)
    for pattern, replacement in _SYMBOLS:
        text = pattern.sub(replacement, text)
    text = _OF_A_LETTER.sub(r"\\\1(\2)", text)
    text = text.replace("<=", "\\le ").replace(">=", "\\ge ")
    return re.sub(r"\bi\s?\*\s?(\d+)", r"\1i", re.sub(r"\*\s?i\b", "i", text))


_UPRIGHT = re.compile(r"\\(?:mathrm|mathbf|mathit|text|textrm|operatorname)\s?\{\s?([ei])\s?\}")
_MAX_CHARS = 2_000
_AND = re.compile(r"\\(?:text|mbox)\s?\{\s*,?\s*(?:and|or)\s*\}|(?<![a-zA-Z\\])(?:and|or)(?![a-zA-Z])")
_NAMED = re.compile(
    r"(?:[a-zA-Z](?:_\{?\w{1,5}\}?|')?(?:\((?:[a-z]|-?\d{1,9})\))?|\\[a-z]{2,7}|\((?:[a-zα-ω]|\\[a-z]{2,7})(?:,(?:[a-zα-ω]|\\[a-z]{2,7})){1,3}\)|"
    r"\\(?:measuredangle|angle)(?:[A-Z]{1,3}|\{[A-Z]{1,3}\}))(?:=|\\in(?![a-zA-Z]))(?=[^=]+$)"
)
_NAMED_PART = re.compile(r"[a-zA-Z](?:_\{?\w\}?)?=(?=[^=]+$)")
_SHORT_FRACTION = re.compile(r"\\frac(?:\{([^{}]*)\}|(\d))(?:\{([^{}]*)\}|(\d))")
_SHORT_ROOT = re.compile(r"\\sqrt(\[\w\])?\s?(\w)(?!\w*\])")
_ONE_IN_BRACES = re.compile(r"([_^])\{(\w)\}")


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    r"""Give the string that ways to write one answer share: \frac{1}{2} for \dfrac 12, [-2,7] for x \in [-2,7]."""
    text = spell(text)
    if len(text) > _MAX_CHARS:
        return text
    if text.count("=") > 1:
        parts = split_list(text)
        if all(map(_NAMED_PART.match, parts)):  # x = 3, y = -2
            return ",".join(_NAMED_PART.sub("", part) for part in parts)
    return _NAMED.sub("", text, count=1) if _NAMED.match(text) else text


def spell(text: str) -> str:
    """Spell a text in one way, with the names in it."""
    text = _unmarked(_unmarked(text.translate(_SIGNS)).rstrip(".,;:"))
    if len(text) > _MAX_CHARS:
        return text
    if "\\" in text:
        text = _UPRIGHT.sub(r"\1", text)  # no unit
    text = without_unit(text.strip("$ "))
    text = _AND.sub(",", text)
    text = undress(text)
    text = _ONE_VALUE_WORDS.sub("", text)
    text = without_words(text).rstrip(".").replace("%", "")
    for pattern, replacement in _SYMBOLS:
        text = pattern.sub(replacement, text)
    text = re.sub(r"\s+", "", text)
    text = re.sub(r",{2,}", ",", text)
    text = _SHORT_ROOT.sub(r"\\sqrt\1{\2}", text)
    text = _SHORT_FRACTION.sub(lambda m: f"\\frac{{{m[1] or m[2] or ''}}}{{{m[3] or m[4] or ''}}}", text)
    return _ONE_IN_BRACES.sub(r"\1\2", text)


_PLAIN_FRACTION = re.compile(r"\\frac\{([^{}]*(?:\{[^{}]*\}[^{}]*){0,3})\}\{([^{}]*)\}")
_TERM = re.compile(r"[-+]?[^-+]+")
_ROOT = re.compile(r"\\sqrt\{(\w+)\}")
_MAX_TERMS_CHARS = 200


@lru_cache(maxsize=2048)
def canonical(text: str) -> str:
    r"""Give the string that a few more ways to write one expression share: -\pi/6 for -\frac{\pi}{6}, 2+7i for 7i+2."""
    text = _ROOT.sub(r"√\1", _PLAIN_FRACTION.sub(r"\1/\2", normalise(text))).lower()
    if len(text) > _MAX_TERMS_CHARS or not ("+" in text or "-" in text) or any(char in text for char in "()[]{}=<>,&"):
        return text
    return "".join(sorted(term if term[0] in "+-" else f"+{term}" for term in _TERM.findall(text)))


def split_list(text: str) -> list[str]:
    """Split at the commas and semicolons that stand in no bracket; unbalanced brackets give the text whole."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return [text]
        elif char in ",;" and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [part for part in [*parts, text[start:]] if part] if depth == 0 else [text]


_COMMAND = re.compile(r"\\[a-zA-Z]+")
_RUN = re.compile(r"[^\W\d_]+")
_FUNCTIONS_LISTED = (
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh csch sech coth arcsinh arccosh arctanh log ln exp "
    "sqrt pi inf infinity mod gcd lcm max min frac text and or pmatrix bmatrix vmatrix matrix array begin end abc xyz"
)
_FUNCTIONS = frozenset(_FUNCTIONS_LISTED.split())
_TWO_LETTER_WORDS_LISTED = "pg is am so to me my no it we in on of an as at be by do go he if up us hi oh ok um uh"
_TWO_LETTER_WORDS = frozenset(_TWO_LETTER_WORDS_LISTED.split())


def looks_mathematical(text: str) -> bool:
    """Whether every run of letters is a variable or a function and some value stands there."""
    plain = undress(text)
    bare = _COMMAND.sub(" ", plain)
    for run in _RUN.findall(bare):
        word = run.lower()
        if word in _FUNCTIONS:
            continue
        if len(run) > 3 or (len(run) == 3 and not run.islower()) or word in _TWO_LETTER_WORDS or word in _COMMON:
            return False
    return bool(re.search(r"[\w\\]", plain))


_COMMON_LISTED = (
    "the and are was for not you all any can had has her his how its may new now old one our out see ten two who why "
    "yes add ago big but day did few get got let lot put say six too try use way"
)
_COMMON = frozenset(_COMMON_LISTED.split())


_BOX_OPENS = re.compile(r"\\(?:boxed|fbox)\s{0,3}")
_BOXED_BARE = re.compile(r"-?[\w.]{1,50}")


def box_content(text: str, start: int, limit: int = 2_000) -> tuple[int, int] | None:
    r"""Give the offsets of what the \boxed (or \fbox) at `start` holds; None where it is empty or never closed."""
    found = _BOX_OPENS.match(text, start)
    if found is None:
        return None
    begin = found.end()
    if text[begin : begin + 1] != "{":
        bare = _BOXED_BARE.match(text, begin)
        return (begin, bare.end()) if bare else None
    end = _closing_brace(text, begin, min(len(text), begin + limit))
    inner = text[begin + 1 : end].rstrip()
    left = end and len(inner) - len(inner.lstrip())
    return (begin + 1 + left, begin + 1 + len(inner)) if end and inner else None


def _closing_brace(text: str, begin: int, stop: int) -> int:
    """Give where the brace that opens at `begin` closes, 0 if it doesn't."""
    first = text.find("}", begin, stop)
    if first < 0 or "{" not in text[begin + 1 : first]:
        return max(first, 0)  # nothing nested, as usual
    depth = 0
    for i in range(begin, stop):
        if text[i] == "{":
            depth += 1
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                return i
    return 0


_GOES_ON = re.compile(
    r"[})$]{0,2}[ \t]{0,3}(?!\^\s?\{?\s?\\circ)(?:[+*/×÷^·]\s?(?:[$\\\d]|\([-\d]|[a-z]\b)|[-−–]\s?[$\\(]?\d|"
    r"\\(?:times|cdot|div|frac|sqrt|pi)|[xX]\s?\$?\d|"
    r"(?:times|plus|minus|divided|multiplied|of\s(?:the\s)?\$?\d)\b|"
    r"[⁰¹²³⁴-⁹]|[a-zA-Z]{1,20}\s{0,3}[+*×÷/]\s{0,3}\$?\d|\.?\d|%\s{0,3}(?:of|\*|×)|(?<=[\d})$])\((?=\d)|[a-zA-Z]\s{0,2}[=^])|[a-zA-Z](?![a-zA-Z])"
)


def goes_on(text: str, at: int) -> bool:
    """Whether what follows a value makes it a part of something larger: "18 + 3", "18x"."""
    return _GOES_ON.match(text, at) is not None
