"""The board: submissions and decisions -> rows, places and differences of all pairs.

decisions       what maintainers decided, and why
measuring       one model's runs -> its numbers
doc             a judge's replies -> Degree of Contrast, which counts for no place
records         an entry: one row of the board, and what stands behind it
entries         submissions and decisions -> entries, every response graded again
reference       the respondents that bound the scale, as entries
grading         all of these, beside each other in processes
standings       entries -> ranks, and the differences of all pairs
tables          entries -> tables
packing         entries -> what a page reads
writing         the same as files beside the page
page            the page itself
site            all of it, in its place
"""
