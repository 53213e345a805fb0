"""The hashes of the prompts that a standard run must have sent, made again from the benchmark's templates."""

from collections.abc import Mapping, Sequence

from reversed_persona.asking import Asking
from reversed_persona.leaderboard.submissions.rows import prompt_hash
from reversed_persona.leaderboard.suite import Role, Suite
from reversed_persona.problems import Problem
from reversed_persona.prompts import Prompt
from reversed_persona.settings import TaskSettings

__all__ = ["plain_prompt_hashes"]

_made: dict[tuple[str, str, Role], Mapping[str, Mapping[str, str]]] = {}


def plain_prompt_hashes(
    suite: Suite, task: str, role: Role, problems: Sequence[Problem]
) -> Mapping[str, Mapping[str, str]] | None:
    """Return, by problem_id and arm id, the hash of what a model reads where no chat template comes between.

    Args:
        suite: What is asked.
        task: Name of the task.
        role: Where the persona stands.
        problems: Those of the task's set, as the manifest has them.

    Returns:
        None where the templates of this version of the package are not those of the suite.
    """
    named = suite.tasks[task]
    key = (named.model_dump_json(), suite.problem_sets[named.problems].digest, role)
    if key not in _made:
        asking = Asking(TaskSettings.from_metadata({**named.settings, "persona_role": role}))
        if asking.fingerprints(asking.every_example()) != named.fingerprints[role]:
            return None
        asked = suite.hashes(task)
        _made[key] = {
            problem["problem_id"]: {
                arm: prompt_hash(_plain(prompt))
                for arm, prompt in asking.prompts(problem["question"], asking.example(problem["problem_id"])).items()
            }
            for problem in problems
            if problem["problem_id"] in asked
        }
    return _made[key]


def _plain(prompt: Prompt) -> str:
    return f"{prompt.system}\n\n{prompt.user}" if prompt.system else prompt.user
