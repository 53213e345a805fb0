"""What can be wrong with what a user gave us.

    ReversedPersonaError        everything below; the command line prints it as one line and exits with 2
    ├── TemplateError           a file of persona_templates/ (or of the user's own folder)
    ├── ProblemsError           a problem set: missing, unreadable, malformed, of the wrong size
    ├── SettingsError           a key of --metadata, --model_args or a task's YAML
    ├── PromptError             a rendered prompt that no longer says what the persona says, or doesn't fit the model
    ├── OutputError             results, or answers already paid for, can't be kept
    ├── RunsError               output folders without runs to compare
    ├── LeaderboardError        a board, a suite, a submission, or what one is to be made from
    └── BackendError            a model that can't be loaded, or stopped answering

Each message is one line: where, what was found, what is expected, how to mend it.
"""

import difflib
from collections.abc import Iterable

__all__ = [
    "BackendError",
    "LeaderboardError",
    "OutputError",
    "ProblemsError",
    "PromptError",
    "ReversedPersonaError",
    "RunsError",
    "SettingsError",
    "TemplateError",
    "did_you_mean",
]


class ReversedPersonaError(Exception):
    """Base of every error that a user of this package can cause and mend."""

    def __init__(self, message: str) -> None:
        """Keep `message` on one line: lm-eval shows it as the last line of a traceback."""
        super().__init__(" ".join(message.split()))


class TemplateError(ReversedPersonaError):
    """A persona template can't be read, is malformed, or breaks the promise of its expected accuracy."""


class ProblemsError(ReversedPersonaError):
    """A problem set is unknown, missing, unreadable, malformed, or not the size it should be."""


class SettingsError(ReversedPersonaError):
    """A setting of a run (metadata, model arguments, task YAML) is unknown or out of range."""


class PromptError(ReversedPersonaError):
    """A rendered prompt lost the persona's instruction, or would, so its answers would measure nothing."""


class OutputError(ReversedPersonaError):
    """Results can't be written, were not written, or a cache of answers belongs to another model."""


class RunsError(ReversedPersonaError):
    """Output folders hold no run that could be compared."""


class LeaderboardError(ReversedPersonaError):
    """A board, a version of the suite or a submission is missing, damaged, or can't be made from what is there."""


class BackendError(ReversedPersonaError):
    """A backend can't load its model, or stopped answering."""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest known name, or "" where none is near."""
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
