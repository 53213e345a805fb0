"""Submissions: prepared from lm-eval's outputs, and checked by grading every response again.

record, results, rows   the three kinds of file, each a strict record
files, places           a folder's files, read with limits; where a folder lies on a board
thinking                a response without its thinking
scrubbing, preparing    lm-eval's output folder -> a submission
checks/                 what a submission is checked for, one matter each
examining               one pass over a submission: checks and new verdicts
rescoring               a submission -> TaskRun
validating              a submission -> findings
"""
