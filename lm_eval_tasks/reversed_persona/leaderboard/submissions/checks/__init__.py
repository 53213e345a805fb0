"""What a submission is checked for, one matter each: pure functions that return findings."""
