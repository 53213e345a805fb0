"""Submissions: prepared from lm-eval's outputs, and checked by grading every response again.

record, results, rows   the three kinds of file, each a strict record
files, places           a folder's files, read with limits; where a folder lies on a board
thinking                a response without its thinking
scrubber, scrubbing     results files without what names a machine or a user
commands                what was typed, likewise
runs_found, preparing   lm-eval's output folder -> a submission
judge_record, judgement_rows      what it holds of a judge that rated its responses, likewise strict
judge_runs, preparing_judgements  a judge's output folder -> that
showings_anew, judgements         what the judge must have read, made again; and the check of it all
regrading               what of its verdicts and scores is not the run's own
writing                 a submission's folder, written when it is whole and right
grading, prompts_anew   verdicts and prompts, made again
checks/                 what a submission is checked for, one matter each
examining               one pass over a submission: checks and new verdicts
examining_task          the same of one task's samples
rescoring               a submission -> TaskRun
validating              a submission -> findings
"""
