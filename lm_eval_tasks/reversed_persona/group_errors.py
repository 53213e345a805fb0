"""The standard error of the group `reversed_persona` on lm-eval 0.4.12.

The group's mean gives both problem sets the same weight. lm-eval 0.4.12 reports the error of the mean weighted by size
beside it, which is too small; 0.4.13 has it right. Only this project's group is touched, and only there.
"""

import math
from typing import Any

from lm_eval.api import metrics
from lm_eval.api.group import Group

__all__ = ["GROUP"]

GROUP = "reversed_persona"


def _mend() -> None:
    aggregate = Group.aggregate

    def with_own_errors(group: Any, task_metrics: dict[str, Any]) -> Any:
        found = aggregate(group, task_metrics)
        if group.name != GROUP:
            return found
        members = [task_metrics[task.task_name] for task in group.get_all_tasks() if task.task_name in task_metrics]
        for key in [key for key in found if "_stderr," in key]:
            errors = [member.get(key) for member in members]
            if all(isinstance(error, float) for error in errors):
                # independent problem sets: Var(mean of k means) = sum of their variances / k^2
                found[key] = math.hypot(*errors) / len(errors)
        return found

    Group.aggregate = with_own_errors


if not hasattr(metrics, "unweighted_mean_stderr"):  # lm-eval 0.4.13 brought it
    _mend()
