# SPDX-License-Identifier: Apache-2.0
"""Show each node to all rules, and let none of them undo what another has made."""

import copy
import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import libcst as cst

from codemods.choice import FileChoice
from codemods.errors import RuleFailed
from codemods.model import Conflict
from codemods.rewriting.chosen import Chosen
from codemods.rewriting.findings import Findings
from codemods.rewriting.island import Island
from codemods.rewriting.rule import Rule

_Asked = tuple[Rule, Callable[..., Any]]


class Asking:
    """Asks the rules about an island, in order.

    Several rules may change a node if each changes a different part of it. If a rule would
    undo what an earlier one has made, the earlier one wins. The later one's change is
    dropped, and recorded as a conflict unless the earlier one takes its place
    (`Rule.INSTEAD_OF`).
    """

    def __init__(
        self, rules: Sequence[Rule], island: Island, findings: Findings, choice: FileChoice
    ) -> None:
        self._chosen = Chosen(choice, island, findings)
        self._island = island
        self._findings = findings
        self._visits = _methods(rules, "visit_")
        self._leaves = _methods(rules, "leave_")

    def visit(self, node: cst.CSTNode) -> None:
        """Let the rules look at a node before those below it."""
        for rule, visit in self._visits.get(type(node).__name__, ()):
            self._answer(rule, node, visit, node)

    def left(self, original: cst.CSTNode, updated: Any) -> Any:
        """What the rules make of a node whose children are already rewritten."""
        new, first = updated, None
        for rule, method in self._leaves.get(type(original).__name__, ()):
            leave = method if self._chosen.is_all else self._if_chosen(rule, method)
            if first is not None:
                new = self._also(rule, leave, original, updated, new, first)
                continue
            known = len(self._findings.edits)
            new = self._answer(rule, original, leave, original, updated)
            if new is not updated:
                first = rule
                if rule.is_own():
                    self._undo_lost(rule, known)
        return new

    def _undo_lost(self, rule: Rule, known: int) -> None:
        """Drop the edits within a node that a rule's new node does not contain."""
        edits, lost = self._findings.edits, set[int]()
        for edit in edits[known:]:
            for number, inner in enumerate(edits[:known]):
                is_within = edit.start <= inner.start and inner.end <= edit.end
                if is_within and _bare(inner.text) not in _bare(edit.text):
                    lost.add(number)
        for number in sorted(lost):
            inner = edits[number]
            if inner.rule not in rule.INSTEAD_OF:
                conflict = Conflict(inner.path, inner.line, rule.name(), inner.rule)
                self._findings.conflicts.append(conflict)
        self._findings.drop_edits(lost)

    def _also(
        self,
        rule: Rule,
        leave: Callable[..., Any],
        original: cst.CSTNode,
        updated: Any,
        new: Any,
        first: Rule,
    ) -> Any:
        """What another rule makes of a node after the `first` one made `new` from `updated`."""
        kept = _kept(new, updated)
        shown = updated if kept is None else kept
        state, found = _state(rule), self._findings.snapshot()
        more = self._answer(rule, original, leave, original, shown)
        if kept is not None and (more is kept or _keeps(more, kept, updated)):
            return _replaced(new, kept, more)
        self._findings.restore(found)
        if more is not shown:
            vars(rule).update(state)
            if rule.name() not in first.INSTEAD_OF:
                path, _, line = self._place(first, original).rpartition(":")
                conflict = Conflict(path, int(line), first.name(), rule.name())
                self._findings.conflicts.append(conflict)
        return new

    def _if_chosen(self, rule: Rule, leave: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a rule's method so that a refused change leaves the node as it was."""

        def answer(original: Any, updated: Any) -> Any:
            mark = self._findings.mark()
            new = leave(original, updated)
            refusal = self._chosen.refusal(rule, original, mark.edits)
            if refusal is None:
                return new
            # inference knows nothing of rules from outside, so nothing depends on them
            is_needed = not (rule.TIDIES or rule.is_own())
            self._findings.refuse(mark, refusal, is_needed)
            return updated

        return answer

    def _answer(
        self, rule: Rule, node: cst.CSTNode, method: Callable[..., Any], *nodes: Any
    ) -> Any:
        """Call a rule's method.

        If a rule from outside the package makes an edit for a work item that is not done
        yet, it is left for that item's patch. Raises `RuleFailed` if such a rule fails.
        """
        if not rule.is_own():
            return method(*nodes)
        found = self._findings.snapshot()
        try:
            new = method(*nodes)
            edits = self._findings.edits[len(found.edits) :]
            if all(edit.item in rule.file.done for edit in edits):
                return new
        except RecursionError:
            raise
        except Exception as error:
            text = f"the rule {rule.name()} failed: {type(error).__name__}: {error}"
            raise RuleFailed(
                f"{self._place(rule, node)}: {text}; mend it, or leave it out"
            ) from error
        self._findings.restore(found)
        return nodes[-1]

    def _place(self, rule: Rule, node: cst.CSTNode) -> str:
        start, _ = self._island.spans.get(node, (self._island.start, 0))
        return f"{self._island.path}:{rule.file.module.source.line_at(start)}"


def _bare(text: str) -> str:
    """The text without white space, which the layout changes."""
    return "".join(text.split())


def _kept(new: Any, updated: cst.CSTNode) -> cst.CSTNode | None:
    """The node that `updated` is in `new`, with others around it or not; None if it is gone."""
    if not isinstance(new, cst.FlattenSentinel):
        return new if type(new) is type(updated) else None
    body = getattr(updated, "body", None)
    for one in new:
        is_around = body is not None and getattr(one, "body", None) is body
        if one is updated or (is_around and type(one) is type(updated)):
            return one
    return None


def _replaced(new: Any, kept: cst.CSTNode, more: Any) -> Any:
    """What one rule made, with what another made of the node that the first one kept."""
    if more is kept:
        return new
    if new is kept:
        return more
    nodes = list(more) if isinstance(more, cst.FlattenSentinel) else [more]
    return cst.FlattenSentinel([x for one in new for x in (nodes if one is kept else [one])])


def _keeps(more: Any, new: cst.CSTNode, updated: cst.CSTNode) -> bool:
    """Whether `more` keeps every change that made `new` from `updated`."""
    if isinstance(more, cst.FlattenSentinel):
        return any(_keeps(one, new, updated) for one in more)
    return type(more) is type(new) and all(
        getattr(more, field.name) is getattr(new, field.name)
        for field in dataclasses.fields(new)
        if getattr(new, field.name) is not getattr(updated, field.name)
    )


def _state(rule: Rule) -> dict[str, Any]:
    """A rule's attributes, with copies of its lists, sets and dicts."""
    kept = (list, set, dict)
    return {name: copy.copy(v) if isinstance(v, kept) else v for name, v in vars(rule).items()}


def _methods(rules: Iterable[Rule], prefix: str) -> Mapping[str, list[_Asked]]:
    found: dict[str, list[_Asked]] = {}
    for rule in rules:
        for name in _names(type(rule), prefix):
            found.setdefault(name.removeprefix(prefix), []).append((rule, getattr(rule, name)))
    return found


@functools.cache
def _names(rule: type[Rule], prefix: str) -> tuple[str, ...]:
    """The methods with which a rule itself, not libcst, visits or leaves nodes."""
    own = [one for one in rule.__mro__ if one not in Rule.__mro__]
    return tuple(sorted({name for one in own for name in vars(one) if name.startswith(prefix)}))
