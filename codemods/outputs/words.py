# SPDX-License-Identifier: Apache-2.0
"""The messages of the patches, which say only what the patches' own lines show."""

import collections
import re
import textwrap
from collections.abc import Iterable, Mapping

from codemods.mappings import Sentence, filled, sentences, subjects
from codemods.model import Patch


class PatchFacts:
    """What a patch does, for the conditions of sentences."""

    def __init__(self, patch: Patch, target: str) -> None:
        self._patch = patch
        self._target = target
        program = [one for one in patch.changes if not _is_test(one.path)]
        self._added = {one.path: _more(one.after, one.before) for one in program}
        self._removed = {one.path: _more(one.before, one.after) for one in program}
        self._rules = {edit.rule for edit in patch.edits}

    def hold(self, sentence: Sentence) -> bool:
        """Whether all conditions of a sentence are true."""
        added = _within(self._added, sentence.within)
        removed = _within(self._removed, sentence.within)
        name, _, way = sentence.wording.partition("=")
        return (
            _matches(sentence.adds, added)
            and _matches(sentence.removes, removed)
            and not (sentence.lacks and _matches(sentence.lacks, added))
            and not (sentence.keeps and _matches(sentence.keeps, removed))
            and (not sentence.rule or sentence.rule in self._rules)
            and (not sentence.creates or self._creates(sentence.creates))
            and sentence.target in ("", self._target)
            and (not name or (name, way) in self._patch.wordings)
            and all(_found(pattern, added) for _, pattern in sentence.names)
        )

    def said(self, sentence: Sentence) -> str:
        """The sentence with its names filled in."""
        text = " ".join(sentence.text.split())
        added = _within(self._added, sentence.within)
        for name, pattern in sentence.names:
            text = text.replace(f"{{{name}}}", _listed(_found(pattern, added)))
        return text

    def _creates(self, name: str) -> bool:
        return any(
            change.before is None and change.path.endswith(f"/{name}")
            for change in self._patch.changes
        )


def subject(patch: Patch, target: str) -> str:
    """The subject line of the patch."""
    facts = PatchFacts(patch, target)
    return next(facts.said(one) for one in subjects(patch.item.value) if facts.hold(one))


def body(patch: Patch, target: str) -> str:
    """The body of the patch's message: what a reviewer must know."""
    facts = PatchFacts(patch, target)
    said = [facts.said(one) for one in sentences(patch.item.value) if facts.hold(one)]
    counts = collections.Counter(edit.rule for edit in patch.edits)
    rules = [f"{rule} ({count})" for rule, count in counts.most_common()]
    parts = [filled(" ".join(said))] if said else []
    parts += [_filled(f"Rules: {', '.join(rules)}.")] if rules else []
    if patch.idle:
        parts.append(
            _filled(
                "Unused now except possibly by unit tests or older computes; not removed: "
                f"{'; '.join(patch.idle)}."
            )
        )
    return "\n".join(parts)


def _filled(text: str) -> str:
    # do not break the names of rules or paths
    return textwrap.fill(text, 72, break_long_words=False, break_on_hyphens=False) + "\n"


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _matches(pattern: str, text: str) -> bool:
    return not pattern or re.search(pattern, text) is not None


def _is_test(path: str) -> bool:
    return "/tests/" in path or path.startswith("tests/")


def _more(one: bytes | None, other: bytes | None) -> list[str]:
    """The lines that occur more often in one text than in the other, in its order."""
    left = collections.Counter(_text(other))
    found = []
    for line in _text(one):
        if left[line]:
            left[line] -= 1
        else:
            found.append(line)
    return found


def _text(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines()


def _within(lines: Mapping[str, list[str]], ending: str) -> str:
    """The lines of the files whose path has an ending, in order."""
    return "\n".join(line for path, of in lines.items() if path.endswith(ending) for line in of)


def _found(pattern: str, text: str) -> list[str]:
    """What a pattern finds, without duplicates; calls with both of their parentheses."""
    found = dict.fromkeys(match.group(1) for match in re.finditer(pattern, text))
    return [name[:-1] + "()" if name.endswith("(") else name for name in found]
