"""The board: submissions and decisions -> a site of static files that needs no network.

decisions       what maintainers decided, and why
measuring       one model's runs -> its numbers
reference       respondents that bound the scale, graded as everybody is
grading         one submission -> an entry; many, over processes
entries         which submissions count
standings       entries -> ranks, and the differences of all pairs
packing         entries -> what the page reads
site            all of it -> files
page/           the page: HTML, CSS, and scripts by concern
"""
