"""What can be known of a model before its weights are loaded: how it reads a prompt, and how long a prompt may be."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.errors import BackendError, PromptError, SettingsError

__all__ = ["CHAT_SERVERS", "SERVERS", "WEIGHTS", "Reader", "load_reader", "parse_arguments"]

WEIGHTS = frozenset({"hf", "hf-auto", "huggingface", "vllm", "sglang"})
CHAT_SERVERS = frozenset({"local-chat-completions", "openai-chat-completions"})
SERVERS = CHAT_SERVERS | {"local-completions", "openai-completions"}

DEFAULT_LENGTH = 2048  # lm-eval's own, for servers and for models that name none
NO_LENGTH = 10**9  # transformers writes 1e30 for "not known"


@dataclass(frozen=True)
class Reader:
    """How a model reads.

    Attributes:
        name: Name or folder of its tokenizer.
        length: Tokens that prompt and answer may have together; None where it isn't known.
        chat: Conversation -> text, by the model's chat template.
        count: Texts -> number of tokens of each.
    """

    name: str
    length: int | None
    chat: Callable[..., str]
    count: Callable[[Sequence[str]], list[int]]


def parse_arguments(option: str, pieces: Sequence[str]) -> dict[str, Any]:
    """Read --model_args or --gen_kwargs as lm-eval does: "key=value,key=value", several of them, or JSON.

    Raises:
        SettingsError: It is neither.
    """
    from lm_eval.utils import simple_parse_args_string

    arguments: dict[str, Any] = {}
    for piece in pieces:
        try:
            arguments |= json.loads(piece) if piece.lstrip().startswith("{") else simple_parse_args_string(piece)
        except (ValueError, IndexError) as error:
            raise SettingsError(f"{option}: got {piece!r}; expected key=value,key=value or a JSON object") from error
    return arguments


def load_reader(model: str, model_args: Mapping[str, Any], template: str | None = None) -> Reader | None:
    """Load the tokenizer and the chat template that a backend would use, without the weights.

    Args:
        model: lm-eval's name of the backend.
        model_args: Its arguments.
        template: Name of one of the tokenizer's chat templates; None for the default.

    Returns:
        None where the backend keeps its tokenizer to itself (chat servers) or isn't known here.

    Raises:
        BackendError: The tokenizer can't be loaded.
    """
    name = model_args.get("tokenizer") or model_args.get("pretrained") or model_args.get("model")
    if not isinstance(name, str) or model_args.get("gguf_file"):
        return None
    if model in WEIGHTS:
        return _reader(name, model_args, template, lambda: _length_of_weights(model_args))
    sends_tokens = (
        model_args.get("tokenized_requests", True) and model_args.get("tokenizer_backend") not in _NO_TOKENIZER
    )
    if model in SERVERS - CHAT_SERVERS and sends_tokens:
        # lm-eval cuts what it sends to this length, whatever the server could read
        length = int(model_args.get("max_length") or DEFAULT_LENGTH) - 1
        return _reader(name, model_args, template, lambda: length)
    return None


_NO_TOKENIZER = ("None", "none", "tiktoken", "remote")


def _reader(name: str, model_args: Mapping[str, Any], template: str | None, length: Callable[[], int | None]) -> Reader:
    tokenizer = _from_hub("AutoTokenizer", name, model_args)
    options = dict(model_args.get("chat_template_args") or {})
    if model_args.get("enable_thinking") is not None:
        options["enable_thinking"] = model_args["enable_thinking"]
    if template:
        options["chat_template"] = template

    def chat(history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        try:
            return str(
                tokenizer.apply_chat_template(
                    history, tokenize=False, add_generation_prompt=add_generation_prompt, **options
                )
            )
        except Exception as error:  # a chat template is a program of its own and may raise anything
            raise PromptError(f"{name}: its chat template cannot be applied: {error!s:.200}") from error

    def count(texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=True)["input_ids"]]

    return Reader(name=name, length=length(), chat=chat, count=count)


def _length_of_weights(model_args: Mapping[str, Any]) -> int | None:
    if given := model_args.get("max_model_len") or model_args.get("max_length"):
        return int(given)
    name = model_args.get("pretrained")
    if not isinstance(name, str):
        return None
    try:
        config = _from_hub("AutoConfig", name, model_args)
    except BackendError:
        return None
    config = getattr(config, "text_config", None) or config
    lengths = [getattr(config, key, None) for key in ("n_positions", "max_position_embeddings", "n_ctx")]
    return next((length for length in lengths if isinstance(length, int) and length < NO_LENGTH), None)


def _from_hub(loader: str, name: str, model_args: Mapping[str, Any]) -> Any:
    try:
        import transformers
    except ImportError as error:
        raise SettingsError(f"{name}: needs transformers; install it with: pip install 'lm-eval[hf]'") from error
    if name.startswith(("/", "./", "../", "~")) and not Path(name).is_dir():
        raise BackendError(f"{name}: is not there; expected the folder of a model, or its name on the Hub")
    options = {key: model_args[key] for key in ("revision", "subfolder", "trust_remote_code") if key in model_args}
    try:
        return getattr(transformers, loader).from_pretrained(name, **options)
    except Exception as error:  # the Hub client, tokenizers and remote code raise whatever they like
        what = {"AutoTokenizer": "tokenizer", "AutoConfig": "configuration"}[loader]
        raise BackendError(f"{name}: its {what} cannot be loaded: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or ['no message'])[0]:.300}"
