"""Can a language model play a student who is worse at mathematics than the model is?

An lm-evaluation-harness plugin. Importing this package stays cheap (no lm-eval, no torch), so that `--help` answers at
once; import the module you need: `personas`, `problems`, `answers`, `metrics`, `task`, `simulation`.
"""

__version__ = "0.1.0"
