# SPDX-License-Identifier: Apache-2.0
"""Every sentence of a patch hangs on a fact of that very patch: said with it, and not without."""

import dataclasses
import functools
import os
import pathlib
import re
import textwrap
from collections.abc import Iterator

import pytest

from codemods.config import Config
from codemods.engine import run
from codemods.mappings import Sentence, sentences, subjects
from codemods.model import ITEMS, Item, Patch, RunResult
from codemods.outputs.series import series
from codemods.outputs.words import PatchFacts, subject

SNAPSHOTS = pathlib.Path(__file__).parent / "snapshots"
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
TREES = os.environ.get("NOVA_TREES", "")


@dataclasses.dataclass(frozen=True)
class Mail:
    """A patch as whoever reads it has it: nothing of how it was made is known."""

    subject: str
    said: str
    rules: frozenset[str]
    added: dict[str, str]
    removed: dict[str, str]
    created: frozenset[str]
    target: str

    @property
    def item(self) -> Item:
        """The work item that has such a subject."""
        return next(
            item for item in ITEMS if any(one.text == self.subject for one in subjects(item.value))
        )


def mail(text: str, target: str) -> Mail:
    """Read a patch."""
    head, _, body = text.partition("\n\n")
    message, _, diff = body.partition("\n---\n")
    added: dict[str, str] = {}
    removed: dict[str, str] = {}
    created = set()
    for part in diff.split("\ndiff --git ")[1:]:
        path = part.split(None, 2)[1].removeprefix("b/")
        if "\n--- /dev/null" in part:
            created.add(path)
        lines = part.partition("\n@@")[2].split("\n")[1:]
        added[path] = "\n".join(line[1:] for line in lines if line.startswith("+"))
        removed[path] = "\n".join(line[1:] for line in lines if line.startswith("-"))
    joined = re.sub(r"\n[ \t]", " ", head)
    counts = re.search(r"^Rules: ([^.]*)\.$", message, re.M)
    assert counts, message
    return Mail(
        re.search(r"^Subject: \[PATCH \d+/\d+\] (.*)$", joined, re.M)[1],  # type: ignore[index]
        " ".join(message.partition("\nRules: ")[0].split()),
        frozenset(re.findall(r"(\w+)\s\(\d+\)", counts[1])),
        added,
        removed,
        frozenset(created),
        target,
    )


def within(lines: dict[str, str], ending: str) -> str:
    """The lines of the program, no unit tests, in the files whose path ends so."""
    return "\n".join(
        text for path, text in lines.items() if path.endswith(ending) and "/tests/" not in path
    )


def expected(one: Sentence, of: Mail) -> bool:
    """Whether the facts of a sentence, but for how something was decided, are in the patch."""
    added, removed = within(of.added, one.within), within(of.removed, one.within)
    return all(
        (
            re.search(one.adds, added),
            re.search(one.removes, removed),
            not one.lacks or not re.search(one.lacks, added),
            not one.keeps or not re.search(one.keeps, removed),
            not one.rule or one.rule in of.rules,
            any(path.endswith(f"/{one.creates}") for path in of.created) or not one.creates,
            one.target in ("", of.target),
            *(re.search(pattern, added) for _, pattern in one.names),
        )
    )


def is_said(one: Sentence, of: Mail) -> bool:
    text = re.escape(" ".join(one.text.split()))
    return re.search(re.sub(r"\\\{\w+\\\}", r"[\\w(),. ]+", text), of.said) is not None


@functools.cache
def mails() -> list[tuple[str, Mail]]:
    """The patches of all snapshots, and those of all releases where there are trees."""
    return list(_read())


def _read() -> Iterator[tuple[str, Mail]]:
    for path in sorted(SNAPSHOTS.rglob("*.patch")):
        target = "shim" if "without_objects" in path.parts else "nova"
        yield f"{path.parts[-3]}/{path.name}", mail(path.read_text(), target)
    for tree in sorted(pathlib.Path(TREES).iterdir()) if TREES else ():
        result = run(Config(tree))
        for name, content in series(result).items():
            if name.endswith(".patch"):
                text = content.decode("utf-8", "replace")
                yield f"{tree.name}/{name}", mail(text, result.target)


def test_every_sentence_is_said_where_its_facts_are_and_nowhere_else():
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for name, one in mails():
        total = 0
        for sentence in sentences(one.item.value):
            present = is_said(sentence, one)
            if sentence.wording:
                assert expected(sentence, one) or not present, (name, sentence.text)
            else:
                assert expected(sentence, one) == present, (name, sentence.text)
            said[present].add(sentence.text)
            total += present
        assert total, f"{name} says nothing"
    assert said[True]
    if TREES:
        every = {one.text for item in ITEMS for one in sentences(item.value)}
        # what no release does is tried below, on what it takes
        assert len(every - said[True]) <= len(every) // 4


def test_nothing_but_sentences_is_said():
    for name, one in mails():
        rest = one.said
        for sentence in sentences(one.item.value):
            text = re.escape(" ".join(sentence.text.split()))
            rest = re.sub(re.sub(r"\\\{\w+\\\}", r"[\\w(),. ]+?", text), "", rest)
        assert rest.strip() == "", name


def test_a_message_is_as_long_as_novas():
    for name, one in mails():
        assert len(one.subject) <= 65, name
        assert len(one.said) / 72 + 2 >= 3, name
        assert len(textwrap.wrap(one.said, 72)) <= 9, name


@pytest.fixture(scope="module")
def results() -> list[RunResult]:
    return [run(Config(EXAMPLES / name)) for name in ("tracker", "without_objects")]


def without(sentence: Sentence, patch: Patch) -> Iterator[Patch]:
    """The patch with one of the facts of a sentence taken from it."""
    if sentence.rule:
        edits = tuple(edit for edit in patch.edits if edit.rule != sentence.rule)
        yield dataclasses.replace(patch, edits=edits)
    if sentence.wording:
        yield dataclasses.replace(patch, wordings=())
    if sentence.adds or sentence.names:
        nothing_new = [dataclasses.replace(one, after=one.before or b"") for one in patch.changes]
        yield dataclasses.replace(patch, changes=tuple(nothing_new))
    if sentence.removes:
        nothing_gone = [
            dataclasses.replace(one, after=(one.before or b"") + one.after) for one in patch.changes
        ]
        yield dataclasses.replace(patch, changes=tuple(nothing_gone))


def test_without_one_of_its_facts_a_sentence_is_not_said(results: list[RunResult]):
    tried = 0
    for result in results:
        for patch in result.patches:
            for sentence in sentences(patch.item.value):
                if not PatchFacts(patch, result.target).hold(sentence):
                    continue
                for less in without(sentence, patch):
                    assert not PatchFacts(less, result.target).hold(sentence), sentence.text
                    tried += 1
                if sentence.target:
                    assert not PatchFacts(patch, "another").hold(sentence)
    assert tried > 20


def test_the_subject_is_of_what_the_patch_does(results: list[RunResult]):
    fields = results[0].patches[0]
    assert subject(fields, "nova") == "Add the ComputeNode fields that the tracker fills"
    driver = tuple(
        dataclasses.replace(edit, rule="version_text_to_number") for edit in fields.edits
    )
    assert (
        subject(dataclasses.replace(fields, edits=driver), "nova")
        == "Report the version of the hypervisor as a number"
    )


def test_what_loses_its_last_use_is_named(results: list[RunResult]):
    named = {patch.item: patch.idle for patch in results[0].patches}
    assert named[Item.FLAVOR] == ("the conductor's instance_type_get()",)
    (service,) = named[Item.SERVICE]
    assert "service_create()" in service
    # the tracker's own call is rewritten, the manager's is not
    assert not any("instance_update" in text for text in named[Item.INSTANCE])
