# SPDX-License-Identifier: Apache-2.0
"""What the command says of itself: its rules, its reasons, its help and its manual page."""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner, Result

from codemods.cli import main, manpage
from codemods.cli.completion import SHELLS
from codemods.mappings import reasons, remedies
from codemods.rewriting.examples import Example
from codemods.rules import RULES

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = pathlib.Path(sys.executable).with_name("codemods")


def called(*words: str) -> Result:
    """What the command says in this process."""
    return CliRunner().invoke(main, words)


# rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name())
def test_a_rule_is_shown_in_full(rule):
    done = called("rules", rule.name())
    assert done.exit_code == 0
    for line in rule.summary().strip().splitlines():
        assert f"    {line}".rstrip() in done.output.splitlines()
    for example in rule.examples():
        if isinstance(example, Example):
            before, after = example.before.splitlines(), example.after.splitlines()
            shown = done.output.splitlines()
            assert f"+++ b/{example.path}" in shown
            assert {f"-{line}" for line in set(before) - set(after)} <= set(shown)
            assert {f"+{line}" for line in set(after) - set(before)} <= set(shown)
        else:
            assert example.because in done.output


def test_rules_by_a_pattern():
    done = called("rules", "*_conductor_handle", "get_to_attribute")
    shown = {line for line in done.output.splitlines() if line and not line.startswith(" ")}
    assert {"remove_conductor_handle", "get_to_attribute"} <= shown
    assert "subscript_to_attribute" not in shown


def test_the_diff_of_a_rule_in_colours():
    assert "\x1b[32m+" in called("rules", "get_to_attribute", "--color", "always").output
    assert "\x1b[" not in called("rules", "get_to_attribute").output


def test_a_rule_that_there_is_not():
    done = called("rules", "get_to_atribute")
    assert done.exit_code == 2
    assert "no rule get_to_atribute; did you mean get_to_attribute?" in done.output


# reasons


def test_every_reason_with_what_to_do():
    done = called("reasons")
    assert done.exit_code == 0
    text = " ".join(done.output.split())
    for code, meaning in reasons().items():
        assert f"{code} {meaning} {remedies()[code]}" in text


def test_reasons_by_a_pattern():
    lines = called("reasons", "value.*", "asked.skip").output.splitlines()
    codes = {line for line in lines if line and not line.startswith(" ")}
    assert codes == {"asked.skip", *(code for code in reasons() if code.startswith("value."))}


def test_a_reason_that_there_is_not():
    done = called("reasons", "value.mixd")
    assert done.exit_code == 2
    assert "did you mean value.mixed?" in done.output


# completion


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_a_script_of_the_shell(shell: str):
    done = called("completion", shell)
    assert done.exit_code == 0
    assert "_CODEMODS_COMPLETE" in done.output
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=done.stdout, text=True, capture_output=True)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("codemods rea", {"reasons"}),
        ("codemods run --rul", {"--rule", "--rules"}),
        ("codemods run --rule subscript", {"subscript_to_attribute"}),
        ("codemods run --only comp", {"compute-node"}),
        ("codemods rules get_", {"get_to_attribute"}),
        ("codemods reasons value.m", {"value.mixed"}),
        ("codemods completion z", {"zsh"}),
    ],
)
def test_bash_completes_a_line(line: str, found: set[str]):
    words = line.split(" ")
    program = (
        f'eval "$(_CODEMODS_COMPLETE=bash_source {COMMAND})"\n'
        f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}\n"
        f"PATH={COMMAND.parent}:$PATH\n"
        f'_codemods_completion codemods; printf "%s\\n" "${{COMPREPLY[@]}}"\n'
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60)
    assert set(done.stdout.split()) == found, done.stderr


# help


def examples() -> list[str]:
    """Every command line that some help shows."""
    return [
        line.strip()
        for command in main.commands.values()
        for line in (command.epilog or "").splitlines()
        if line.strip().startswith("codemods ")
    ]


def test_every_command_shows_examples_in_its_help():
    for name in main.commands:
        done = called(name, "--help")
        assert done.exit_code == 0
        assert f"\n    codemods {name} " in done.output


@pytest.mark.parametrize("line", examples())
def test_an_example_can_be_called(line: str):
    words = shlex.split(re.split(r" {2,}| [|>]+ ", line)[0])
    command = main.commands[words[1]]
    main_context = click.Context(main, **main.context_settings)
    ctx = click.Context(command, info_name=words[1], parent=main_context)
    _, left, _ = command.make_parser(ctx).parse_args(words[2:])
    assert left == []


# the manual page


def test_the_manual_page_is_that_of_the_commands():
    assert (ROOT / "docs" / manpage.NAME).read_text("utf-8") == manpage.page()


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_has_nothing_to_complain_of():
    done = subprocess.run(
        ["man", "-l", "--warnings", str(ROOT / "docs" / manpage.NAME)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "100", "LC_ALL": "C.UTF-8"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    text = done.stdout
    for name, command in main.commands.items():
        assert f"codemods {name}" in text
        for param in command.params:
            if isinstance(param, click.Option):
                assert max(param.opts, key=len) in text
    assert "codemods run nova --patches - | git am" in text
