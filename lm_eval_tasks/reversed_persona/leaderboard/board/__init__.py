"""The board: submissions and decisions -> rows, places and differences of all pairs.

decisions       what maintainers decided, and why
measuring       one model's runs -> its numbers
records         an entry: one row of the board, and what stands behind it
standings       entries -> ranks, and the differences of all pairs
packing         entries -> what a page reads
"""
