"""The leaderboard: what a suite version asks, submissions that can be checked, the board made of them, and exports.

suite           what a version of the suite asks, read from its manifest
manifest        tasks and problem sets -> manifest: hashes only, no question text
submissions/    prepare, check and grade submissions
board/          submissions and decisions -> the board's page and data
export/         whole runs in the formats of other collections
"""
