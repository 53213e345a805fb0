"""The leaderboard: what a suite version asks, submissions that can be checked, and the board made of them.

suite           what a version of the suite asks, read from its manifest
manifest        tasks and problem sets -> manifest: hashes only, no question text
submissions/    prepare, check and grade submissions
"""
