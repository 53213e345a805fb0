"""What the reference respondents and judges share: an lm-eval model that is an instrument, not a language model."""

from typing import Any, NoReturn

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM

from reversed_persona.errors import SettingsError

__all__ = ["ReferenceModel"]

_LM_EVALS_OWN = ("batch_size", "max_batch_size", "device")


class ReferenceModel(LM):  # type: ignore[misc]  # lm-eval ships no types
    """A model that writes replies by rule, in no time, to prompts of this package's tasks.

    Attributes:
        KIND: Its name as lm-eval's --model.
        TASKS: Which tasks it answers, for the message.
    """

    KIND: str
    TASKS: str

    def __init__(self, model: str) -> None:
        """Note what it is called in results."""
        super().__init__()
        self.name = model

    @staticmethod
    def own_arguments(model_args: dict[str, Any]) -> dict[str, Any]:
        """Return --model_args without those that lm-eval adds to every model's."""
        return {key: value for key, value in model_args.items() if key not in _LM_EVALS_OWN}

    @property
    def tokenizer_name(self) -> str:
        """Name under which lm-eval caches requests; there is no tokenizer."""
        return self.KIND

    def get_model_info(self) -> dict[str, Any]:
        """Mark the results as those of an instrument."""
        return {"reference_respondent": True, "model_name": self.name}

    def chat_template(self, chat_template: bool | str = False) -> str:
        """Return a description of the chat template, for lm-eval's results."""
        return f"{self.KIND}: role and content, line by line"

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        """Write a conversation as plain text."""
        turns = [f"[{message['role']}]\n{message['content']}" for message in chat_history]
        return "\n\n".join([*turns, "[assistant]\n"] if add_generation_prompt else turns)

    def loglikelihood(self, requests: list[Instance], disable_tqdm: bool = False) -> NoReturn:
        """Refuse: it only writes replies."""
        raise SettingsError(f"{self.KIND}: answers {self.TASKS}")

    def loglikelihood_rolling(self, requests: list[Instance], disable_tqdm: bool = False) -> NoReturn:
        """Refuse: it only writes replies."""
        self.loglikelihood(requests)
