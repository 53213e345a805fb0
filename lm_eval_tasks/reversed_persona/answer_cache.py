"""Whose answers a --use_cache file holds.

lm-eval's cache knows the prompt and not the model: a second model with the same file would silently get the first one's
answers. So a note beside the file says whose they are.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reversed_persona.errors import OutputError
from reversed_persona.writing import write_lines

__all__ = ["claim", "owner_of"]

# how, where and how fast the model runs; none of it makes another model
_OPERATION = {
    "batch_size", "ca_cert_path", "data_parallel_size", "device", "device_map",
    "gpu_memory_utilization", "max_batch_size", "max_images", "max_retries", "num_concurrent",
    "parallelize", "swap_space", "tensor_parallel_size", "timeout", "verify_certificate",
}  # fmt: skip
_SECRET = re.compile(r"(?:^|_)(?:token|key|secret|password|auth|headers?)$", re.IGNORECASE)  # who may ask it
_NO_SECRET = {"think_end_token", "add_bos_token"}


def claim(cache: str, model: str, model_args: Mapping[str, Any]) -> None:
    """Note whose answers a cache holds, or refuse it where they are another's.

    Args:
        cache: What --use_cache says.
        model: The backend.
        model_args: The model's arguments.

    Raises:
        OutputError: The cache is another model's, or its note can't be read or written.
    """
    note = Path(f"{cache}.model.json")
    owner = owner_of(model, model_args)
    held = [path for path in note.parent.glob("*.db") if path.name.startswith(f"{Path(cache).name}_rank")]
    try:
        if note.exists() and held:  # a note alone is left by a run that never began to answer
            found = json.loads(note.read_text(encoding="utf-8"))
            if found != owner:
                raise OutputError(
                    f"--use_cache {cache}: holds the answers of {_shown(found)}, not of {_shown(owner)}; "
                    "name another file: one per model and configuration"
                )
            return
        if held:
            raise OutputError(
                f"--use_cache {cache}: holds answers, and no {note.name} says whose; if they are those of "
                f"{_shown(owner)}, write that file with {json.dumps(owner)}, else name another"
            )
        write_lines(note, [json.dumps(owner)])
    except (OSError, ValueError) as error:
        raise OutputError(
            f"--use_cache {cache}: {note.name}, which says whose they are, cannot be read or written ({error}); "
            "name another file"
        ) from error


def owner_of(model: str, model_args: Mapping[str, Any]) -> dict[str, str]:
    """Return what tells a model from others, without secrets and without how, where and how fast it runs.

    Args:
        model: The backend.
        model_args: The model's arguments.
    """
    known = {
        key: str(value)
        for key, value in sorted(model_args.items())
        if key not in _OPERATION and (key in _NO_SECRET or not _SECRET.search(key))
    }
    if known.keys() & {"model", "pretrained"}:
        known.pop("base_url", None)  # a server may move; where nothing else names the model, its address has to
    return {"backend": model} | known


def _shown(owner: Any) -> str:
    if not isinstance(owner, dict):
        return repr(owner)
    return " ".join(
        [str(owner.get("backend")), *(f"{key}={value}" for key, value in owner.items() if key != "backend")]
    )
