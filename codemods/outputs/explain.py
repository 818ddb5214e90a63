# SPDX-License-Identifier: Apache-2.0
"""Explain a place: which object it holds, how we know, and what a rule made of it."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.inference import Inference
from codemods.analysis.values import Value, Values
from codemods.mappings import remedies
from codemods.model import Evidence, Item, RunResult
from codemods.outputs.findings import PlacedEdit, PlacedFindings, imported, users
from codemods.outputs.hunks import Hunk
from codemods.outputs.sources import Sources

#: Kinds of value that never become objects: reported as dicts if objects come there as well.
_OTHERS = frozenset(("container", "copied", "dict", "plain", "primitive", "unknown"))


class Explainer:
    """Explains places in the original tree; `inference` is None if there is only a report."""

    def __init__(
        self,
        findings: PlacedFindings,
        sources: Sources,
        inference: Inference | None,
        items: Iterable[Item],
    ) -> None:
        self._findings = findings
        self._sources = sources
        self._inference = inference
        self._items = frozenset(items)

    def lines(self, path: str, first: int, last: int) -> Iterator[str]:
        """What is known about lines of a file, inclusive; nothing if nothing is known."""
        for number in range(first, last + 1):
            said = list(self._of_line(path, number))
            if said:
                yield f"{path}:{number}"
                yield f"    {self._sources.line(path, number)}"
                yield from said

    def added(self, hunk: Hunk) -> Iterator[str]:
        """What is known about new lines."""
        yield f"new in {hunk.path}:"
        yield from (f"    + {line}" for line in hunk.added)
        if hunk.removed:
            yield f"in the place of line {hunk.start} to {hunk.end - 1}:"
            yield from (f"    - {line}" for line in hunk.removed)
        near = self._findings.within(hunk.path, hunk.start, max(hunk.start, hunk.end - 1))
        for one in near.rewritten:
            yield from self._rewritten(one)
        for line in hunk.added:
            yield from self._import(hunk.path, line)

    def _import(self, path: str, line: str) -> Iterator[str]:
        name = imported(line)
        rules = users(name, [one for one in self._findings.rewritten if one.path == path])
        if name and rules:
            yield f"  `{name}` is imported for {rules}"

    def _of_line(self, path: str, number: int) -> Iterator[str]:
        yield from self._held(path, number)
        here = self._findings.within(path, number, number)
        for one in here.rewritten:
            yield from self._rewritten(one)
        for left in here.left:
            yield f"  left by {left.rule}: {left.code}: {left.reason}"
            yield f"    what to do: {remedies().get(left.code, 'ask whoever made the code')}"
            yield from self._steps(left.evidence)

    def _rewritten(self, one: PlacedEdit) -> Iterator[str]:
        # this imports libcst, which a tree with nothing to rewrite does not need
        from codemods.rules.own import known_rules

        # a report may name rules that are not loaded this time
        summaries = (rule.summary() for rule in known_rules() if rule.name() == one.rule)
        what, _, why = next(summaries, "").strip().partition("\n\n")
        yield f"  rewritten by {one.rule}, in the patch of {one.item.value}"
        if what:
            yield f"    what it does: {' '.join(what.split())}"
        if why:
            yield f"    why it is safe: {' '.join(why.split())}"
        for word, text in (("before", one.before), ("after", one.after)):
            yield f"    {word}:"
            yield from (f"        {line}" for line in text.splitlines())
        yield "    how we know:"
        yield from self._steps(one.evidence)

    def _held(self, path: str, line: int) -> Iterator[str]:
        if self._inference is None:
            return
        module = self._inference.project.modules.get(path)
        for nodes in module.nodes.values() if module is not None else ():
            for node in nodes:
                if not isinstance(node, ast.expr) or node.lineno != line:
                    continue
                assert module is not None
                values = self._inference.values(node)
                said = [(self._what(one, values), evidence) for one, evidence in values.items()]
                # objects before dicts
                for (order, what), evidence in sorted(said, key=lambda one: one[0]):
                    if order and evidence:
                        yield f"  `{module.source.of(node)}`{what}, because:"
                        yield from self._steps(evidence)

    def _what(self, value: Value, values: Values) -> tuple[int, str]:
        """What one value of an expression will be, and its order; 0 if there is nothing to say."""
        name = f" ({value.kind} {value.name})" if value.name else ""
        if value.kind == "handle":
            return 1, ": the conductor's API"
        if value.kind == "method":
            return 1, f": the conductor's {value.name}()"
        if value.kind in ("object", "objects"):
            return 2, f"{name}: an object"
        if value.kind in ("row", "rows"):
            is_object = bool(value.needs) and value.needs <= self._items
            return (2, f"{name}: an object") if is_object else (3, f"{name}: a dict")
        if value.kind in _OTHERS and any(one.kind in ("row", "rows", "object") for one in values):
            return 3, ": a dict"
        return 0, ""

    def _steps(self, evidence: Evidence) -> Iterator[str]:
        quoted = None
        for step in evidence:
            yield f"    {step.path}:{step.line} {step.text}"
            if quoted != (step.path, step.line):
                yield f"        {self._sources.line(step.path, step.line).strip()}"
            quoted = step.path, step.line


def not_read(inference: Inference, result: RunResult, path: str) -> str:
    """Why the file was not looked at; "" if it was."""
    project, package = inference.project, inference.tree.package
    for failure in result.failures:
        if failure.path == path and failure.stage in ("read", "parse"):
            return f"not read: {failure.reason}"
    if path not in project.files:
        return f"not read: the file is not in {package}/; name its directory with --include"
    if path not in project.modules:
        return "not read: nothing in the file refers to the conductor or its rows"
    return ""
