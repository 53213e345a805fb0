"""Whether a task's rows are the task's questions, each once, in order, asked of every arm with the right prompt."""

from collections.abc import Iterator, Mapping

from reversed_persona.leaderboard.submissions.findings import Finding, shown
from reversed_persona.leaderboard.submissions.rows import SubmittedRow
from reversed_persona.leaderboard.submissions.thinking import hides_text

__all__ = ["RowChecks"]

_WHOLE = "Submit the whole run, as `reversed-persona submission prepare` writes it"
_NAMED = 3


class RowChecks:
    """Checks the rows of one task, from the first to the last."""

    def __init__(
        self,
        path: str,
        hashes: Mapping[str, tuple[str, str]],
        arms: tuple[str, ...],
        repeats: int,
        prompts: Mapping[str, Mapping[str, str]] | None,
    ) -> None:
        """Say what is expected.

        Args:
            path: The file, for messages.
            hashes: By problem_id, in order, the hashes of problem and gold.
            arms: Ids of the arms, in order.
            repeats: How many responses each arm gives.
            prompts: By problem_id and arm id, the hash of the prompt; None where that can't be known.
        """
        self._path, self._hashes, self._arms, self._repeats, self._prompts = path, hashes, arms, repeats, prompts
        self._place = {name: place for place, name in enumerate(hashes)}
        self._seen: set[str] = set()
        self._last = -1

    def check(self, line: int, row: SubmittedRow) -> Iterator[Finding]:
        """Check the next row."""
        name = row.problem_id
        if name not in self._place:
            yield self._finding(line, f"problem_id: got {shown(name)}; expected a problem of the task", _WHOLE)
            return
        if name in self._seen:
            yield self._finding(line, f"{name!r} was there before; expected every problem once", _WHOLE)
            return
        self._seen.add(name)
        if self._place[name] < self._last:
            yield self._finding(line, f"{name!r} stands behind later problems; expected the manifest's order", _WHOLE)
        self._last = max(self._last, self._place[name])
        for field, got, expected in zip(("doc", "target"), (row.doc, row.target), self._hashes[name], strict=True):
            if got != expected:
                said = f"{name}: {field}: got {got}; expected {expected}: another problem than the benchmark's"
                yield self._finding(line, said, "Run on the original problem set (`reversed-persona prefetch`)")
        if tuple(row.arms) != self._arms:
            said = f"{name}: was asked as {shown(', '.join(row.arms), 100)}; expected {', '.join(self._arms)}"
            yield self._finding(line, said, _WHOLE)
            return
        yield from self._check_arms(line, row)

    def missing(self) -> Iterator[Finding]:
        """Say which problems have not come, after the last row."""
        gone = [name for name in self._hashes if name not in self._seen]
        if gone:
            named = ", ".join(gone[:_NAMED]) + (", ..." if len(gone) > _NAMED else "")
            said = f"lacks {len(gone)} of {len(self._hashes)} problems ({named}); expected all of them"
            yield self._finding(None, said, "Run the task without --limit and --samples")

    def _check_arms(self, line: int, row: SubmittedRow) -> Iterator[Finding]:
        expected = self._prompts[row.problem_id] if self._prompts is not None else {}
        first_with: dict[str, str] = {}
        for name, arm in row.arms.items():
            where = f"{row.problem_id}: {name}"
            if not len(arm.responses) == len(arm.verdicts) == self._repeats:
                got = f"{len(arm.responses)} responses and {len(arm.verdicts)} verdicts"
                yield self._finding(line, f"{where}: got {got}; expected {self._repeats} of each", _WHOLE)
            if any(map(hides_text, arm.responses)):
                said = f"{where}: has a response with thinking in it; expected what follows the thinking"
                yield self._finding(line, said, "Prepare it again with `reversed-persona submission prepare`")
            if arm.prompt in first_with:
                said = f"{where}: has the prompt of {first_with[arm.prompt]}; expected another one for every arm"
                yield self._finding(line, said, "Run again with a chat template that keeps the persona")
            elif name in expected and arm.prompt != expected[name]:
                got = f"got {arm.prompt[:16]}...; expected {expected[name][:16]}..."
                said = f"{where}: prompt: {got}: not the benchmark's prompt"
                yield self._finding(line, said, "Run the benchmark's own prompts, or submit it as type: custom")
            first_with.setdefault(arm.prompt, name)

    def _finding(self, line: int | None, said: str, mending: str) -> Finding:
        return Finding(self._path, line, said, mending, "refused", "rows")
