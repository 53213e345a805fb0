"""What tells two students' texts apart, without a judge: counted features, and remarks that give the student away.

sample log --report--> features of each response --> a table, and JSON
"""
