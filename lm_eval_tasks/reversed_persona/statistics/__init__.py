"""Numbers over a run or several: intervals, tests, ranks and power. Pure functions of arrays, no files.

    intervals       of a paired difference, of a mean of small whole numbers, of a ratio, of a sum over datasets
    tests           exact McNemar, equivalence, adjustment for many tests
    ranks           which of many models can be told apart, and between which places each one is
    pairs           the differences between all pairs of many models at once
    calibration     graded targets: slope, order, error
    difficulty      do the wrong answers fall on the harder problems?
    degeneracy      one and the same answer, or one and the same distance from the right one
    groups          the largest difference between groups of personas, and what noise alone would give
    power           how wide an interval, how small a difference, with so many questions

A value per question is a number of an array of the shape (questions,). Missing values don't occur: leave the question
out of both sides of a pair. Everything random takes a seed.
"""
