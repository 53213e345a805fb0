"""Many models side by side.

table       Table: what a comparison says, as columns, cells and notes; no layout
measures    TaskRun -> the numbers of a row
rows        what rows of several tables have alike
pairing     the same questions in two runs
ranking     places of models, and the ranking over the two problem sets
summary     one table a task
breakdown/  the same by difficulty, subject, wording, race, target or round
against     paired differences from one model
layout/     Table -> terminal, Markdown, CSV, JSON or LaTeX
report/     all of it, and single answers, as one page
"""
