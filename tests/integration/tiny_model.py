"""A small Llama with a tokenizer and a chat template, random or taught a few answers by heart; it runs anywhere."""

from collections.abc import Mapping
from pathlib import Path

from reversed_persona.problems import load_problems

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
THINKS = CHAT_TEMPLATE.replace("<|assistant|>\n", "<|assistant|>\n<think>\n")
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + CHAT_TEMPLATE


def build_model(folder: Path, chat_template: str | None) -> Path:
    """Save a random Llama with a byte-level BPE tokenizer learnt from the sample's questions."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    learner = ByteLevelBPETokenizer()
    texts = [problem["question"] for problem in load_problems("sample")]
    learner.train_from_iterator(texts, vocab_size=1000, special_tokens=["<s>", "</s>"])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learner._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    if chat_template is not None:
        tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def teach(folder: Path, replies: Mapping[str, str], steps: int = 250) -> Path:
    """Train the model in a folder until it answers these prompts, and hardly anything else, with these replies."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    pairs = [
        (tokenizer(prompt).input_ids, [*tokenizer(reply).input_ids, tokenizer.eos_token_id])
        for prompt, reply in replies.items()
    ]
    width = max(len(prompt) + len(reply) for prompt, reply in pairs)
    ids = torch.full((len(pairs), width), tokenizer.eos_token_id)
    labels = torch.full((len(pairs), width), -100)  # what stands there is not learnt
    for row, (prompt, reply) in enumerate(pairs):
        end = len(prompt) + len(reply)
        ids[row, :end] = torch.tensor(prompt + reply)
        labels[row, len(prompt) : end] = torch.tensor(reply)
    torch.manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(steps):
        loss = model(input_ids=ids, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if loss.item() < 0.01:
            break
    else:
        raise RuntimeError(f"the model has not learnt its answers: loss {loss.item():.3f} after {steps} steps")
    model.save_pretrained(folder)
    return folder
