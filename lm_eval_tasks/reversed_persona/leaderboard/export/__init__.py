"""Whole runs of the benchmark -> records in the formats of other collections.

choosing      which runs may leave: whole, as the benchmark asks, of a model
provenance    how a run was made, without paths of the machine
numbers       TaskRun -> scores with their uncertainty
eee           Every Eval Ever: one record a run
instances     Every Eval Ever: one line a question and arm
hub           Hugging Face: .eval_results of a model's repository
"""
