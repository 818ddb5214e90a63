# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation that are made from the rules and the tables.

    python -m codemods.outputs.manual docs

writes them; a test compares them with those in the repository.
"""

import pathlib
import sys
from collections.abc import Iterable, Iterator

from codemods.mappings import reasons, remedies
from codemods.outputs.write import write_whole
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.rule import Rule
from codemods.rules import CODE_RULES, EXCEPTION_RULES, OBJECT_RULES, TEST_RULES

_NOTE = "<!-- Made by `python -m codemods.outputs.manual docs`; do not edit. -->"

_PARTS = (
    ("The program", (*CODE_RULES, *EXCEPTION_RULES)),
    ("Its unit tests", TEST_RULES),
    ("The objects of the tree", OBJECT_RULES),
)


def rules_page() -> str:
    """The manual of the rules, as Markdown."""
    lines = [_NOTE, "", "# The rules", ""]
    lines += [
        "Each rule is a libcst visitor in a file of its name below `codemods/rules/`. What it",
        "leaves as it is, it lists with a code from [the page of reasons](reasons.md).",
    ]
    seen: set[type[Rule]] = set()
    for title, rules in _PARTS:
        lines += ["", f"## {title}"]
        for rule in sorted(set(rules) - seen, key=lambda one: one.name()):
            lines += _rule(rule)
        seen |= set(rules)
    return "\n".join(lines) + "\n"


def _rule(rule: type[Rule]) -> Iterator[str]:
    what, _, why = rule.summary().strip().partition("\n\n")
    yield from ("", f"### {rule.name()}", "", what, "", why)
    yield from _examples(rule.examples())


def _examples(examples: Iterable[Example | LeftAlone]) -> Iterator[str]:
    for one in examples:
        if isinstance(one, Example):
            yield from ("", f"Before, in `{one.path}`:", "", *_block(one.before))
            yield from ("", "After:", "", *_block(one.after))
        elif one.because:
            yield from ("", f"Left alone (`{one.because}`), in `{one.path}`:", "")
            yield from _block(one.source)


def _block(source: str) -> Iterator[str]:
    yield "```python"
    yield from source.strip("\n").split("\n")
    yield "```"


def reasons_page() -> str:
    """The page of the reason codes, as Markdown."""
    lines = [_NOTE, "", "# Why a place is left as it is", ""]
    lines += [
        "A place that the tool knows and is not sure of stays as it is; the summary and the",
        "report list it with one of these codes. `codemods explain TREE FILE:LINE` shows the",
        "lines that made it unsure.",
        "",
        "| code | what it means | what to do |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| `{code}` | {text} | {remedies()[code]} |" for code, text in sorted(reasons().items())
    ]
    return "\n".join(lines) + "\n"


#: Each page by file name.
PAGES = {"rules.md": rules_page, "reasons.md": reasons_page}


def main(folder: pathlib.Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        write_whole(folder / name, page().encode("utf-8"))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
