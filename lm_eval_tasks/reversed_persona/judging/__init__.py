"""Degree of Contrast: a judge model rates how far an earlier run's responses to one question lie apart.

    earlier run --followups--> both responses --material--> what the judge reads --reading--> rating, weaker --scores-->

The rubric, the null pairs and the numbers are this project's own reimplementation of an idea of arXiv 2504.06460. A
rating is one model's opinion of another's: until people have rated pairs too (see `agreement`), it is unvalidated.
"""
