r"""Does an answer say what the gold says? Exact and cheap ways first, the symbolic worker last.

The policy, row by row; tests/cases/policy.jsonl holds cases for each. "Ambiguous" and "unreadable" mean that a response
is unanswered: neither right nor wrong.

====================  =================================================================================================
percent               50% equals a gold 50, for then the question asked for a percentage; it equals a gold 1/2 or 0.5,
                      written as a ratio in [0, 1]; and a gold 50% accepts 50%, 50, 0.5 and 1/2. 100% equals a gold 1
                      where the question asks for a probability or a part.
exact value           A decimal is not an exact value: 6.32 is not 2 sqrt(10), 0.33 is not 1/3. Two allowances: six or
                      more decimals of a rational gold (nine of a whole one) may be off by a millionth, and 0.333... is
                      1/3. Where an exact value stands beside its decimal, the exact one counts.
number format         1,234.50, 1 234.50, 1.234,50 and other digits are one number. A decimal comma is read with two
                      digits after it or a unit; "2,5" alone may be a list and is ambiguous. 2.400 is also 2400.
words                 twelve, a dozen, half, two and a half, 3rd, 3 million (also for a gold 3, if the question counts
                      in millions), 18k. About 70 is 70. "third" alone is unreadable: an ordinal or a part.
words around a value  Dropped before an expression where each is known to say nothing about it, or they end in "is";
                      after it where they may be units. "half of", "outside", "not" and their like make an expression
                      unreadable, and a number where they stand right before it. "negative" and "minus" are signs.
fractions             1/2, \frac12, mixed numbers and a ratio 5:3 are their exact values, reduced or not; 3:4:1 is
                      6:8:2. "1 in 3" and "1 out of 3" are 1/3, and ambiguous for a gold 1. The question says whether
                      1:20 is a ratio or a time, else its form; it is ambiguous where that leads to two outcomes.
units                 Ignored, also where they don't fit, since golds carry none; converted where the question names
                      another unit of the same quantity and the number alone is not the gold. But 72 hours are not 72
                      where the question asks for minutes and names no hours.
clock times           Hours and minutes; 16:30 is 4:30 p.m., and 4:30 both halves of the day where a time of day is
                      asked for.
several values        Two values where one is asked for are ambiguous, also with names (x = 2, y = 5) or words (18 in
                      April and 24 in May), unless the last is the others' total; 18 eggs for 9 days is 18; a bound (x >
                      18, 18 or more) and a bare letter are unreadable.
order of a list       Without brackets, and in a set, any order; all of it and no more.
order of a point      Points, vectors and matrices: in order; a row may stand for a column, also \binom{1}{2}, P(1, 2)
                      and \mathbf{i} + 2\mathbf{j}; a determinant is no matrix. "y = -2, x = 1" is in the order of the
                      names: the question's, or the alphabet's; else ambiguous.
intervals             The brackets count; an inequality equals its interval, "or" its union, "and" what both say, \{x :
                      ...\} what it says. "no solution" is the empty set.
sides of an equation  An equation equals any equation that is a multiple of it, and the right side of "y = ..."; the
                      name in "x = 5" is not asked for. In "x = 2, so y = 5" the last value counts. Two exact sides that
                      differ are ambiguous where the first is the gold.
equivalent forms      Any expression that is the same value: expanded, factored, reordered, not simplified. f' is not f,
                      nor \overline{z} z. \sqrt 51 is the root of 51, \sin 30^\circ is in degrees, and ", x \ne 1"
                      behind an expression in x says nothing more. 1/2x is 1/(2x), and ambiguous where the gold is
                      (1/2)x, as is what equals the gold for positive values only.
plus-minus            a \pm b is the two values a + b and a - b, also as \pm b + a.
bases                 The digits must agree, and the base if it is given.
words as answers      Case and a sentence around them don't count; a day or month may be cut to three letters; an option
                      is its letter, and a yes or a no the first word.
====================  =================================================================================================
"""
