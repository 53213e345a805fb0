"""Runs -> what is shown of them elsewhere.

export      whole runs in the formats of other collections
"""
