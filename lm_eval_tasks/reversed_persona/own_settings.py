"""What `custom_reversed_persona` reads from --metadata, told in the words of the other tasks.

    problems      a file of the user's own problems; see `own_problems`
    personas      a folder of the user's own templates, or a list of persona ids as in the other tasks
    ask           ids of the personas that are asked; without it all of the folder's, and nobody (none) for comparison
    collection    what the problems are called in the prompts

A task whose YAML says `own: true` reads its metadata so.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reversed_persona.errors import SettingsError
from reversed_persona.personas import Templates, load_templates
from reversed_persona.problems import PROBLEM_SETS

__all__ = ["OWN_SETTINGS", "in_common_terms", "is_own", "own_folder"]

OWN_SETTINGS = ("ask", "collection")
DEFAULT_COLLECTION = "mathematics problems"
MAX_COLLECTION = 100
NOBODY = "none"
BUILT_IN = (NOBODY, "high", "low")
EXAMPLE = '--metadata \'{"problems": "my_problems.jsonl", "personas": "my_personas/"}\''


def is_own(metadata: Mapping[str, Any]) -> bool:
    """Whether a task asks the user's own problems.

    Raises:
        SettingsError: `own` is neither true nor false, or the task asks others and is given settings of one that does.
    """
    own = metadata.get("own", False)
    if not isinstance(own, bool):
        raise SettingsError(f"metadata: own: got {own!r:.80}; expected true or false")
    if not own and (given := [key for key in OWN_SETTINGS if key in metadata]):
        raise SettingsError(
            f"metadata: {given[0]}: only custom_reversed_persona takes it. Leave it out; in this task personas lists "
            "who is asked, and the problems keep their name"
        )
    return own


def in_common_terms(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata with `persona_templates`, `personas` (a list) and `collection` as the other tasks have them.

    Raises:
        SettingsError: No file of problems is named, or a value is not one of those allowed.
        TemplateError: The user's own templates are malformed.
    """
    problems = metadata.get("problems")
    if not isinstance(problems, str) or not problems.strip():
        got = "is missing" if problems is None else f"got {problems!r:.80}"
        raise SettingsError(f"metadata: problems: {got}; this task asks problems of your own, as in {EXAMPLE}")
    if problems in PROBLEM_SETS and not Path(problems).exists():
        raise SettingsError(
            f"metadata: problems: {problems!r} comes with this project; expected the path of your own. To ask it as "
            "personas of your own run its own task with persona_templates"
        )
    folder = own_folder(metadata)
    templates = load_templates(Path(folder).resolve() if folder else None)
    return {
        **metadata,
        "persona_templates": folder,
        "personas": _asked(metadata, templates),
        "collection": _collection(metadata.get("collection", DEFAULT_COLLECTION)),
    }


def own_folder(metadata: Mapping[str, Any]) -> str | None:
    """Return the folder of the user's own templates, which `personas` or `persona_templates` names; None for neither.

    Raises:
        SettingsError: One of them is no path, or they name two folders.
    """
    personas, folder = metadata.get("personas"), metadata.get("persona_templates")
    if folder is not None and not isinstance(folder, str):
        raise SettingsError(f"metadata: persona_templates: got {folder!r:.80}; expected the path of a folder")
    if not isinstance(personas, str):
        return folder
    if not personas.strip():
        raise SettingsError(f"metadata: personas: got {personas!r}; expected the path of a folder, or a list of ids")
    if folder and Path(folder).resolve() != Path(personas).resolve():
        raise SettingsError(
            f"metadata: personas and persona_templates name two folders, {personas!r:.80} and {folder!r:.80}; keep one"
        )
    return personas


def _asked(metadata: Mapping[str, Any], templates: Templates) -> list[str]:
    personas, ask = metadata.get("personas"), metadata.get("ask")
    if personas is not None and not isinstance(personas, str | list):
        raise SettingsError(
            f"metadata: personas: got {personas!r:.80}; expected the path of a folder of templates, or a list of ids"
        )
    if ask is None:
        if isinstance(personas, list):
            return personas
        return [NOBODY, *(name for name in templates.own if name != NOBODY)] if templates.own else list(BUILT_IN)
    if isinstance(personas, list):
        raise SettingsError("metadata: ask: personas is a list of who is asked already; keep one of them")
    if not isinstance(ask, list) or not all(isinstance(name, str) for name in ask):
        raise SettingsError(f'metadata: ask: got {ask!r:.80}; expected a list of persona ids such as ["none", "low"]')
    return ask


def _collection(name: object) -> str:
    """Check what the problems are called: the model reads it in the middle of a sentence."""
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_COLLECTION or not name.isprintable():
        raise SettingsError(
            f"metadata: collection: got {name!r:.80}; expected a name on one line, of at most {MAX_COLLECTION} "
            "characters, such as 'exercises of sheet 7'"
        )
    return " ".join(name.split())
