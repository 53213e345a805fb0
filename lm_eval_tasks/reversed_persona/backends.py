"""What can be known of a model before its weights are loaded: how it reads a prompt, and how long a prompt may be."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reversed_persona.errors import BackendError, PromptError, SettingsError

__all__ = [
    "CHARACTERS_A_TOKEN",
    "CHAT_SERVERS",
    "ESTIMATE",
    "SERVERS",
    "WEIGHTS",
    "Reader",
    "load_reader",
    "missing_packages",
    "parse_arguments",
]

WEIGHTS = frozenset({"hf", "hf-auto", "huggingface", "vllm", "sglang"})
CHAT_SERVERS = frozenset({"local-chat-completions", "openai-chat-completions"})
SERVERS = CHAT_SERVERS | {"local-completions", "openai-completions"}

DEFAULT_LENGTH = 2048  # lm-eval's own, for servers and for models that name none
_PACKAGES: Mapping[str, Sequence[str]] = {
    "api": ("requests", "aiohttp", "tenacity", "tqdm"),
    "hf": ("torch", "transformers", "accelerate"),
    "vllm": ("vllm",),
    "sglang": ("sglang",),
}
"""By extra of lm-eval, what such a backend needs: without some of it lm-eval fails at the first request only."""
NO_LENGTH = 10**9  # transformers writes 1e30 for "not known"
ESTIMATE = "an estimate"
CHARACTERS_A_TOKEN = 2  # fewer than in any real tokenizer's English or LaTeX, so that an estimate errs to the safe side


@dataclass(frozen=True)
class Reader:
    """How a model reads.

    Attributes:
        name: Name or folder of its tokenizer; ESTIMATE where the server keeps it.
        length: Tokens that prompt and answer may have together, or the prompt alone where `answers_apart`.
        count: Texts -> number of tokens of each.
        chat: Conversation -> text, by the model's chat template; None where it isn't known.
        answers_apart: The answer takes no room beside the prompt (encoder-decoder models).
    """

    name: str
    length: int
    count: Callable[[Sequence[str]], list[int]]
    chat: Callable[..., str] | None = None
    answers_apart: bool = False


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


def missing_packages(model: str) -> tuple[Sequence[str], str]:
    """Return which packages a backend needs that are not installed, and the extra of lm-eval that brings them.

    Args:
        model: lm-eval's name of the backend. Of one that isn't known here nothing is missing.
    """
    extra = _extra(model)
    return [name for name in _PACKAGES.get(extra, ()) if find_spec(name) is None], extra


def _extra(model: str) -> str:
    if model in WEIGHTS:
        return model if model in _PACKAGES else "hf"
    return "api" if model in SERVERS or _speaks_http(model) else ""


def _speaks_http(model: str) -> bool:
    """Whether lm-eval reaches a backend as it reaches the servers here, such as Anthropic's."""
    from lm_eval.api.registry import model_registry
    from lm_eval.models.api_models import TemplateAPI

    try:
        return issubclass(model_registry.get(model), TemplateAPI)
    except Exception:  # not known, or its module can't be imported: then lm-eval says so itself
        return False


def load_reader(model: str, model_args: Mapping[str, Any], template: str | None = None) -> Reader | None:
    """Load the tokenizer and the chat template that a backend would use, without the weights.

    Args:
        model: lm-eval's name of the backend.
        model_args: Its arguments.
        template: Name of one of the tokenizer's chat templates; None for the default.

    Returns:
        None where nothing is cut and no template is applied on this side (chat servers), or where the backend isn't
        known here.

    Raises:
        BackendError: The tokenizer can't be loaded.
        SettingsError: transformers is not installed.
    """
    if model in WEIGHTS:
        return _weights_reader(model_args, template)
    if model in SERVERS - CHAT_SERVERS and model_args.get("tokenized_requests", True):
        return _server_reader(model, model_args, template)
    return None


def _weights_reader(model_args: Mapping[str, Any], template: str | None) -> Reader | None:
    name = model_args.get("tokenizer") or model_args.get("pretrained")
    if not isinstance(name, str) or model_args.get("gguf_file") or model_args.get("tokenizer_mode", "auto") != "auto":
        return None  # read by other means than transformers' own
    tokenizer = _from_hub("AutoTokenizer", name, model_args)
    config = _config(model_args)
    return Reader(
        name=name,
        length=_given_length(model_args) or _own_length(config, tokenizer),
        count=_counter(tokenizer),
        chat=_chat(name, tokenizer, model_args, template),
        answers_apart=bool(getattr(config, "is_encoder_decoder", False)),
    )


def _server_reader(model: str, model_args: Mapping[str, Any], template: str | None) -> Reader | None:
    """lm-eval cuts what it sends to max_length - 1 tokens, whatever the server could read."""
    length = (_given_length(model_args) or DEFAULT_LENGTH) - 1
    backend = model_args.get("tokenizer_backend", "tiktoken" if model == "openai-completions" else "auto")
    if backend in (None, "None", "none"):
        return None
    name = model_args.get("tokenizer") or model_args.get("model")
    if backend in ("auto", "huggingface") and isinstance(name, str):
        try:
            tokenizer = _from_hub("AutoTokenizer", name, model_args)
        except BackendError:  # then the server may offer its own
            pass
        else:
            return Reader(name, length, _counter(tokenizer), _chat(name, tokenizer, model_args, template))
    return Reader(ESTIMATE, length, lambda texts: [len(text) // CHARACTERS_A_TOKEN for text in texts])


def _counter(tokenizer: Any) -> Callable[[Sequence[str]], list[int]]:
    return lambda texts: [len(ids) for ids in tokenizer(list(texts), add_special_tokens=True)["input_ids"]]


def _chat(name: str, tokenizer: Any, model_args: Mapping[str, Any], template: str | None) -> Callable[..., str]:
    given = model_args.get("chat_template_args")
    options = dict(given) if isinstance(given, Mapping) else {}
    if model_args.get("enable_thinking") is not None:
        options["enable_thinking"] = model_args["enable_thinking"]
    templates = getattr(tokenizer, "chat_template", None)
    if template and isinstance(templates, dict) and template in templates:  # else lm-eval takes the only one there is
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

    return chat


def _given_length(model_args: Mapping[str, Any]) -> int | None:
    for key in ("max_model_len", "max_length", "context_length"):  # vllm, hf and servers, sglang
        value = model_args.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def _own_length(config: Any, tokenizer: Any) -> int:
    """As lm-eval finds it: the configuration's, else the tokenizer's, else its own default."""
    config = getattr(config, "text_config", None) or config
    found = [getattr(config, key, None) for key in ("n_positions", "max_position_embeddings", "n_ctx")]
    found.append(getattr(tokenizer, "model_max_length", None))
    return next((length for length in found if isinstance(length, int) and length < NO_LENGTH), DEFAULT_LENGTH)


def _config(model_args: Mapping[str, Any]) -> Any:
    name = model_args.get("pretrained")
    try:
        return _from_hub("AutoConfig", name, model_args) if isinstance(name, str) else None
    except BackendError:  # a folder with a tokenizer only
        return None


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
