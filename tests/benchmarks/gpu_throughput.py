"""Tokens per second of a run through lm-eval, as a ratio to vLLM's own offline generation of the same prompts.

    python tests/benchmarks/gpu_throughput.py WORK [--problems N] [--new-tokens N] [--small]

Makes a random Llama of about 1B parameters in WORK (`--small`: a tiny one, to try the script), then, in processes of
their own, runs reversed_persona_gsm8k on made-up problems with prefix caching and without, replays just those prompts
through vLLM, and asks them again with the persona after the problem. Prints one JSON line each; exits with 1
where a ratio is below 0.95. Needs vLLM and a GPU; `--make-only` needs neither. Starting the engine is in no figure.

`generating_s` is what the engine takes of `lm_eval_s`. The rest is building prompts and grading, which costs more here
than with a real model: a random one writes no sentence and no answer, so the grader looks everywhere.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from made_up import make_problems

TASK = "reversed_persona_gsm8k"
LEAST = 0.95
N_PROBLEMS = 1319
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


def make_model(folder: Path, small: bool) -> int:
    """Save a random Llama and a byte-level tokenizer; return how many parameters it has."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from reversed_persona.problems import load_problems

    learner = ByteLevelBPETokenizer()
    questions = [problem["question"] for problem in load_problems("sample")]
    learner.train_from_iterator(questions, vocab_size=2000, special_tokens=["<s>", "</s>"])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learner._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    width, layers = (128, 2) if small else (2048, 16)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers,
        num_attention_heads=width // 64, num_key_value_heads=max(1, width // 256), max_position_embeddings=8192,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    torch.manual_seed(0)
    model = LlamaForCausalLM(config).to(torch.bfloat16)
    model.save_pretrained(folder)
    return sum(parameter.numel() for parameter in model.parameters())


def used_mib() -> int | None:
    """Return the GPU memory in use, None where it can't be asked."""
    if shutil.which("nvidia-smi") is None:
        return None
    asked = subprocess.run(
        ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"], capture_output=True, text=True
    )
    return int(asked.stdout.split()[0]) if asked.returncode == 0 else None


def tokens_of(outputs: list[Any]) -> int:
    return sum(len(output.outputs[0].token_ids) for output in outputs)


def measure(work: Path, problems: int, new_tokens: int, caching: bool) -> dict[str, Any]:
    """Run the task, replay its prompts, and ask them the other way round, with one engine."""
    from lm_eval import simple_evaluate
    from lm_eval.models.vllm_causallms import VLLM
    from lm_eval.tasks import TaskManager

    from reversed_persona.rendering import load_tasks, task_folder

    metadata = {"problems_dir": str(work / "problems")}
    lm = VLLM(
        pretrained=str(work / "model"), dtype="bfloat16", max_model_len=4096, enable_prefix_caching=caching,
        gpu_memory_utilization=0.8, batch_size="auto", seed=0,
    )  # fmt: skip
    engine, generate, recorded, outputs, spent = lm.model, lm.model.generate, [], [], []

    def recording(prompts: Any, *arguments: Any, **options: Any) -> Any:
        start = time.perf_counter()
        given = generate(prompts, *arguments, **options)
        spent.append(time.perf_counter() - start)
        recorded.append((prompts, arguments, options))
        outputs.extend(given)
        return given

    def ask(name: str, run: Any) -> dict[str, Any]:
        engine.reset_prefix_cache()
        start = time.perf_counter()
        n_tokens = run()
        seconds = time.perf_counter() - start
        return {f"{name}_s": round(seconds, 2), f"{name}_tokens_per_s": round(n_tokens / seconds, 1)}

    def whole_run() -> int:
        simple_evaluate(
            model=lm, tasks=[TASK], limit=problems, apply_chat_template=True, log_samples=True,
            gen_kwargs={"max_gen_toks": new_tokens}, bootstrap_iters=0,
            task_manager=TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=metadata),
        )  # fmt: skip
        return tokens_of(outputs)

    engine.generate = recording
    generate(["warm up"] * 64, use_tqdm=False)
    figures = ask("lm_eval", whole_run)
    engine.generate = generate
    figures["generating_s"] = round(sum(spent), 2)
    prompts = [prompt for given, _, _ in recorded for prompt in given]
    arguments, options = recorded[0][1:]
    settings = options.get("sampling_params", arguments[0] if arguments else None)
    if isinstance(settings, list):
        settings = settings[0]
    figures |= ask("replayed", lambda: tokens_of(generate(prompts, settings, use_tqdm=False)))
    figures["ratio"] = round(figures["lm_eval_tokens_per_s"] / figures["replayed_tokens_per_s"], 3)
    figures["ratio_generating"] = round(tokens_of(outputs) / sum(spent) / figures["replayed_tokens_per_s"], 3)
    task = load_tasks([TASK], metadata)[TASK]
    before, after = [], []
    for doc in list(task.eval_docs)[:problems]:
        for arm in task.settings.arms:
            persona = arm.instruction("grade-school word problems")
            before.append(f"{persona}\n\n{doc['question']}")
            after.append(f"{doc['question']}\n\n{persona}")
    figures |= ask("persona_before", lambda: tokens_of(generate(before, settings, use_tqdm=False)))
    figures |= ask("persona_after", lambda: tokens_of(generate(after, settings, use_tqdm=False)))
    return {"prefix_caching": caching, "prompts": len(prompts), **figures, "gpu_memory_mib": used_mib()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--problems", type=int, default=N_PROBLEMS)
    parser.add_argument("--new-tokens", type=int, default=256)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--make-only", action="store_true")
    parser.add_argument("--caching", choices=("on", "off"), help=argparse.SUPPRESS)  # one measurement
    options = parser.parse_args()
    work = options.work.resolve()
    if options.caching:
        figures = measure(work, options.problems, options.new_tokens, options.caching == "on")
        print(json.dumps(figures), flush=True)
        return 0 if figures["ratio"] >= LEAST else 1
    make_problems(work / "problems")
    print(json.dumps({"parameters": make_model(work / "model", options.small)}), flush=True)
    if options.make_only:
        return 0
    # lm_eval would reach for the Hub, and vLLM's engine frees its memory only with its process
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "0"}
    same = [str(work), "--problems", str(options.problems), "--new-tokens", str(options.new_tokens)]
    codes = [
        subprocess.run([sys.executable, __file__, *same, "--caching", caching], env=environment).returncode
        for caching in ("on", "off")
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
