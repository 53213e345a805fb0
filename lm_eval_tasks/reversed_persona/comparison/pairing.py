"""The same questions in two runs."""

import numpy as np
from numpy.typing import NDArray

from reversed_persona.runs import TaskRun

__all__ = ["shared_places"]


def shared_places(one: TaskRun, other: TaskRun) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places, in each of two runs, of the questions that both were asked; in the first one's order."""
    places = {name: place for place, name in enumerate(other.problem_ids)}
    shared = [(place, places[name]) for place, name in enumerate(one.problem_ids) if name in places]
    in_one, in_other = np.array(shared, dtype=np.int64).reshape(-1, 2).T
    return in_one, in_other
