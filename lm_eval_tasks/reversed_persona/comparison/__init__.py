"""Many models side by side.

table       Table: what a comparison says, as columns, cells and notes; no layout
measures    TaskRun -> the numbers of a row
summary     one table a task, and the ranking over tasks
breakdown   the same by difficulty, subject, race or target
against     paired differences from one model
layout      Table -> terminal, Markdown, CSV, JSON or LaTeX
"""
