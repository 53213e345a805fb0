"""From a raw response to a verdict: find the final answer, compare it with the gold, ask where it comes from.

    response --extraction--> text, method, span --equality--> correct | wrong | unanswered --working--> flip, derived

Importing this package stays cheap: sympy and math-verify live in a worker process (`symbolic`, `worker`) that starts
with the first comparison that needs it.
"""

from reversed_persona.answers.equality.symbolic import start_comparing
from reversed_persona.answers.extraction.finding import QUESTION_HEADER
from reversed_persona.answers.extraction.replies_anew import only_new_reply
from reversed_persona.answers.extraction.visible import hide_thinking, opens_thinking
from reversed_persona.answers.grading import grade
from reversed_persona.answers.kinds import WrongKind, constants, kind_of_wrong, stated_value
from reversed_persona.answers.reading.golds import read_gold
from reversed_persona.answers.verdict import Method, Reason, Status, Verdict

__all__ = [
    "QUESTION_HEADER",
    "Method",
    "Reason",
    "Status",
    "Verdict",
    "WrongKind",
    "constants",
    "grade",
    "hide_thinking",
    "kind_of_wrong",
    "only_new_reply",
    "opens_thinking",
    "read_gold",
    "start_comparing",
    "stated_value",
]
