"""The leaderboard: what a suite version asks, submissions that can be checked, and what is shown of runs elsewhere.

suite           what a version of the suite asks, read from its manifest
manifest        tasks and problem sets -> manifest: hashes only, no question text
submissions/    prepare, check and grade submissions
export/         whole runs in the formats of other collections
"""
