"""Whether two numbers as written say one value."""

import re
from fractions import Fraction

from reversed_persona.answers.reading.number_words import SCALES
from reversed_persona.answers.reading.numbers import Number, Value

__all__ = ["numbers_equal"]

_ASKS_A_PART = re.compile(r"\b(?:probability|chance|likelihood|proportion|fraction)\b", re.IGNORECASE)
_READ_TWO_WAYS = 3  # decimals from which they may be thousands, or rounded


def numbers_equal(gold: Number, answer: Number, *, question: str = "") -> bool:
    """Whether `answer` says what `gold` says.

    Exact, but for two allowances: a decimal with six or more places may be off by a millionth (a float's dust, or
    0.333333 for 1/3), and where the question itself speaks of millions or dozens, "5 million" may stand for 5.
    """
    if answer.percent and not gold.percent and gold.written_as_ratio and 0 <= gold.value <= 1:
        answer = answer._replace(value=Fraction(answer.value, 100))
    if answer.value == gold.value:
        return True
    if gold.value == 1 and answer.percent and answer.value == 100 and not gold.percent:
        return _ASKS_A_PART.search(question) is not None  # a certain event's probability
    if not (answer.percent or gold.percent or answer.scale_word or answer.decimals >= _READ_TWO_WAYS):
        return False
    readings: list[Value] = [answer.value]
    if answer.scale_word and answer.scale_word in question.lower():
        readings.append(Fraction(answer.value, SCALES[answer.scale_word]))
    if answer.decimals == 3 and 1 <= answer.value < 1000:
        readings.append(answer.value * 1000)  # 2.400 is also how others write 2,400
    if gold.percent and not answer.percent:
        readings.append(answer.value * 100)
    enough = 9 if gold.value.denominator == 1 else 6  # 9.999999 is no 10; 9.999999999 is a float's
    slack = min(abs(Fraction(gold.value)), Fraction(1)) / 10**6 if answer.decimals >= enough else Fraction(0)
    return any(-slack <= reading - gold.value <= slack for reading in readings)
