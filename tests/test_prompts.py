import json
from collections.abc import Callable
from typing import NamedTuple

import pytest
from jinja2 import Environment

from reversed_persona.errors import PromptError, TemplateError
from reversed_persona.personas import Frame
from reversed_persona.prompts import (
    Prompt,
    Role,
    build_prompt,
    check_contexts,
    context_text,
    fingerprint,
    question_header,
    show_example,
)

FRAME = Frame(question="Problem: {{ question }}", demand="Show your working.\nFinal answer: <your answer>")
INSTRUCTIONS = {"none": "", "high": "You're strong: 2 < 3 & so on.\n\nBe   careful.", "low": "You're weak."}
QUESTION = "Tom's 3 cats eat 2 fish.\nHow many fish?"

# What chat templates in the wild do with a system message and with a user's turn.
KEEPS_ALL = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>"
TRIMS = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content | trim }}\n{% endfor %}"
MERGES = (
    "{% if messages[0].role == 'system' %}[INST] {{ messages[0].content }}\n\n{{ messages[1].content }} [/INST]"
    "{% else %}[INST] {{ messages[0].content }} [/INST]{% endif %}"
)
ESCAPES = "{% for m in messages %}<|{{ m.role }}|>{{ m.content | e }}{% endfor %}"
IGNORES_SYSTEM = "{% for m in messages if m.role != 'system' %}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
DROPS_STRINGS = (
    "{% for m in messages %}<|{{ m.role }}|>{% if m.content is not string %}{{ m.content }}{% endif %}{% endfor %}"
)
FIRST_LINE_ONLY = "{% for m in messages %}<|{{ m.role }}|>{{ m.content.splitlines()[0] }}{% endfor %}"


class JsonPrompt(NamedTuple):
    """As lm-eval wraps the messages for chat APIs."""

    prompt: str


def prompts(role: Role) -> dict[str, Prompt]:
    return {name: build_prompt(FRAME, text, QUESTION, role) for name, text in INSTRUCTIONS.items()}


def messages(prompt: Prompt) -> list[dict[str, str]]:
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    return [*system, {"role": "user", "content": prompt.user}]


def check(role: Role, render: Callable[[Prompt], object]) -> None:
    asked = prompts(role)
    check_contexts("a_task", asked, [render(prompt) for prompt in asked.values()], role, INSTRUCTIONS)


def through(chat_template: str) -> Callable[[Prompt], object]:
    template = Environment().from_string(chat_template)
    return lambda prompt: template.render(messages=messages(prompt))


class TestBuildPrompt:
    def test_user_role_puts_persona_problem_and_demand_into_one_turn(self) -> None:
        prompt = build_prompt(FRAME, "You're weak.", "1 + 1?", "user")
        assert prompt == Prompt(
            system="", user="You're weak.\n\nProblem: 1 + 1?\n\nShow your working.\nFinal answer: <your answer>"
        )

    def test_system_role_takes_the_persona_out_of_the_users_turn(self) -> None:
        prompt = build_prompt(FRAME, "You're weak.", "1 + 1?", "system")
        assert prompt.system == "You're weak."
        assert prompt.user == "Problem: 1 + 1?\n\nShow your working.\nFinal answer: <your answer>"

    def test_no_persona_leaves_no_gap(self) -> None:
        assert build_prompt(FRAME, "", "1 + 1?", "user").user.startswith("Problem: 1 + 1?")

    def test_question_is_text_not_template(self) -> None:
        assert "{{ 7 * 7 }}" in build_prompt(FRAME, "", "What is {{ 7 * 7 }}?", "user").user

    @pytest.mark.parametrize("role", ["user", "system"])
    def test_example_stands_in_the_users_turn_right_before_the_problem(self, role: Role) -> None:
        prompt = build_prompt(FRAME, "You're weak.", "1 + 1?", role, "Before: 2 + 2? 22")
        assert "Before: 2 + 2? 22\n\nProblem: 1 + 1?" in prompt.user
        assert "Before" not in prompt.system


class TestShowExample:
    def test_question_and_reply_are_text_not_template(self) -> None:
        frame = Frame(question=FRAME.question, demand=FRAME.demand, example="Before: {{ question }} | {{ reply }}")
        assert show_example(frame, "{{ 7 * 7 }}?", r"\frac{{1}}{{2}}") == r"Before: {{ 7 * 7 }}? | \frac{{1}}{{2}}"

    def test_frame_without_one_is_refused(self) -> None:
        with pytest.raises(TemplateError, match=r"prompt\.yml: example: is missing"):
            show_example(FRAME, "1 + 1?", "2")


class TestCheckContexts:
    @pytest.mark.parametrize("role", ["user", "system"])
    @pytest.mark.parametrize("chat_template", [KEEPS_ALL, TRIMS, MERGES, ESCAPES])
    def test_template_that_keeps_the_text_passes(self, chat_template: str, role: Role) -> None:
        check(role, through(chat_template))

    @pytest.mark.parametrize("role", ["user", "system"])
    def test_plain_text_passes(self, role: Role) -> None:
        check(role, lambda prompt: f"{prompt.system}\n\n{prompt.user}")

    @pytest.mark.parametrize("role", ["user", "system"])
    def test_json_of_a_chat_api_passes(self, role: Role) -> None:
        check(role, lambda prompt: JsonPrompt(json.dumps(messages(prompt))))

    def test_json_with_content_in_parts_passes(self) -> None:
        check("user", lambda prompt: json.dumps([{"role": "user", "content": [{"type": "text", "text": prompt.user}]}]))

    def test_system_message_that_was_ignored_is_refused(self) -> None:
        with pytest.raises(
            PromptError, match=r"a_task: persona 'high': its instruction is missing.*persona_role.*user"
        ):
            check("system", through(IGNORES_SYSTEM))

    def test_template_that_ignores_system_is_fine_for_the_user_role(self) -> None:
        check("user", through(IGNORES_SYSTEM))

    def test_system_message_that_lm_eval_dropped_after_the_template_raised_is_refused(self) -> None:
        # lm-eval's hf and vllm backends render once more without the system message and say nothing
        with pytest.raises(PromptError, match="dropped it from the system message"):
            check("system", lambda prompt: f"<user>{prompt.user}")

    @pytest.mark.parametrize("chat_template", [DROPS_STRINGS, FIRST_LINE_ONLY])
    def test_template_that_loses_the_users_turn_is_refused(self, chat_template: str) -> None:
        with pytest.raises(PromptError, match="leave out --apply_chat_template"):
            check("user", through(chat_template))

    def test_json_without_the_persona_is_refused(self) -> None:
        with pytest.raises(PromptError, match="its instruction is missing"):
            check(
                "user",
                lambda prompt: json.dumps([{"role": "user", "content": prompt.user[prompt.user.find("Prob") :]}]),
            )

    def test_personas_that_read_the_same_are_refused(self) -> None:
        asked = {name: build_prompt(FRAME, "You're weak.", QUESTION, "user") for name in ("high", "low")}
        with pytest.raises(PromptError, match="'high' and 'low' get the same prompt"):
            check_contexts(
                "a_task", asked, [p.user for p in asked.values()], "user", dict.fromkeys(asked, "You're weak.")
            )


class TestContextText:
    def test_text_that_only_looks_like_json_is_kept(self) -> None:
        assert context_text("[INST] 1 &lt; 2\n [/INST]") == "[INST] 1 < 2 [/INST]"

    def test_deeply_nested_json_does_not_break_it(self) -> None:
        assert context_text("[" * 100_000).startswith("[[[")


class TestFingerprint:
    def test_it_changes_with_every_part(self) -> None:
        other = Frame(question="Task: {{ question }}", demand=FRAME.demand)
        prints = [
            fingerprint([build_prompt(FRAME, "weak", QUESTION, "user")]),
            fingerprint([build_prompt(FRAME, "weak.", QUESTION, "user")]),
            fingerprint([build_prompt(FRAME, "weak", QUESTION, "system")]),
            fingerprint([build_prompt(other, "weak", QUESTION, "user")]),
        ]
        assert len(set(prints)) == 4
        assert all(len(text) == 16 for text in prints)

    def test_it_never_changes_for_one_prompt(self) -> None:
        assert fingerprint([Prompt(system="", user="1 + 1?")]) == "dd2fef513ab05846"


@pytest.mark.parametrize(
    ("question", "header"),
    [
        ("Problem: {{ question }}", "Problem:"),
        ("Read this.\n\n## Aufgabe {{ question }}\nThink.", "## Aufgabe"),
        ("{{ question }}", ""),
        ("Here it is:\n{{ question }}", ""),
    ],
)
def test_question_header_is_how_its_line_begins(question: str, header: str) -> None:
    assert question_header(Frame(question=question, demand="Final answer: <it>")) == header


@pytest.mark.parametrize(
    "shown", ["x &lt; 3", "x &amp;lt; 3", "&amp;amp;amp;lt;", "if x<3&&y<3", "&#38;lt;", "a &nbsp; b"]
)
@pytest.mark.parametrize("escaped", [False, True])
def test_prompt_that_shows_escapes_of_its_own_is_found_through_a_template_that_escapes(
    shown: str, escaped: bool
) -> None:
    # an earlier reply may hold anything
    prompt = Prompt(system="", user=f"You said: {shown}\n\n{QUESTION}")
    context = str(Environment().from_string("{{ text | e }}").render(text=prompt.user)) if escaped else prompt.user
    check_contexts("t", {"low": prompt}, [context], "user", {"low": ""})
