"""Numbers over a run or several: intervals, tests, ranks and power. Pure functions of arrays, no files.

    intervals       of a paired difference, of a mean of bounded values, of an accuracy, of a mean over datasets
    paired          which paired differences can't be rejected: Tango's score
    suppression     which share of its ability a model hides
    tests           exact McNemar, equivalence, adjustment for many tests
    ranks           which of many models can be told apart, and between which places each one is
    pairs           the differences between all pairs of many models at once
    calibration     graded targets: slope, order, error
    difficulty      do the wrong answers fall on the harder problems?
    degeneracy      one and the same answer, or one and the same distance from the right one
    groups          how far groups of personas lie apart, and how far noise alone would put them
    power           how wide an interval, how small a difference, with so many questions

A value per question is a number of an array of the shape (questions,). Missing values don't occur: leave the question
out of both sides of a pair. Everything random takes a seed.
"""
