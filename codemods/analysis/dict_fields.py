# SPDX-License-Identifier: Apache-2.0
"""Find where a dict for a compute node is turned into the JSON text that its column holds."""

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Literal

from codemods.analysis.dict_origins import Origins
from codemods.analysis.facts import Held, Site, Span
from codemods.analysis.project import Module
from codemods.analysis.sites import bind
from codemods.analysis.survey import Survey
from codemods.model import Evidence, Item


@dataclasses.dataclass(frozen=True)
class DictField:
    """What happens to a field that the object takes as a dict.

    `turned`: the statement turns the value itself into text, in place. `text`:
    the expression makes text of another dict; `given`: of one that the object
    itself will copy. `empty`: the expression is the text of an empty dict.
    `emptied` and `filled`: the first of two statements sets an empty dict, the
    second fills it. `shared`: the expression is a dict that other code may hold,
    and that would change with the object.
    """

    kind: Literal["turned", "text", "given", "empty", "emptied", "filled", "shared"]
    evidence: Evidence


def dict_fields(
    module: Module, survey: Survey, done: frozenset[Item], sites: Mapping[Span, Site]
) -> dict[Span, DictField]:
    """Such statements and expressions, by place, once compute nodes are objects."""
    text = module.source.text
    if Item.COMPUTE_NODE not in done or not (b"dumps" in text or b"{}" in text or b"stats" in text):
        return {}
    return dict(_Finder(module, survey, done, sites).find())


class _Finder:
    def __init__(
        self, module: Module, survey: Survey, done: frozenset[Item], sites: Mapping[Span, Site]
    ) -> None:
        self.module = module
        self.survey = survey
        self.done = done
        self.calls = [
            (node, site)
            for node in module.all(ast.Call)
            if (site := sites.get(module.source.span(node))) is not None
            and site.call.object == "ComputeNode"
            and site.left is None
        ]

    def find(self) -> Iterator[tuple[Span, DictField]]:
        """Each place with what happens there."""
        span = self.module.source.span
        for node in self.module.all(ast.Assign):
            target = node.targets[0]
            if not isinstance(target, ast.Subscript) or len(node.targets) != 1:
                continue
            if not self._is_dict_field(target.slice):
                continue
            evidence = self._evidence(target.value)
            if evidence is None:
                continue
            if self._is_text(node.value):
                assert isinstance(node.value, ast.Call)
                is_same = self._same(node.value.args[0], target)
                if is_same:
                    yield span(node), DictField("turned", evidence)
                elif self._is_copied(target.value):
                    yield span(node.value), DictField("given", evidence)
                else:
                    yield span(node.value), DictField("text", evidence)
            elif isinstance(node.value, ast.Dict) and not node.value.keys:
                filling = self._filling(node, target)
                if filling is not None:
                    yield span(node), DictField("emptied", evidence)
                    yield span(filling), DictField("filled", evidence)
            else:
                undone = list(self._undone(node.value, evidence))
                yield from undone
                is_name = isinstance(node.value, ast.Name | ast.Attribute)
                is_changed = not self.survey.copies_dicts("ComputeNode", self.done)
                if not undone and is_name and is_changed and self._is_held(target.value):
                    yield span(node.value), DictField("shared", evidence)
        for call, site in self.calls:
            yield from self._given(call, site)

    def _is_dict_field(self, key: ast.expr | None) -> bool:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return False
        return self.survey.field_type("ComputeNode", key.value, self.done).is_dict

    def _is_text(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Call) or len(node.args) != 1:
            return False
        name = self.module.dotted_name(node.func)
        return name.endswith("jsonutils.dumps") or name == "json.dumps"

    def _same(self, one: ast.expr, other: ast.expr) -> bool:
        return self.module.source.of(one) == self.module.source.of(other)

    def _is_held(self, node: ast.expr) -> bool:
        """Whether the value may be a compute node itself, whose fields are set immediately."""
        holding = Held(self.survey.inference.values(node), self.done).object
        return holding is not None and holding.name == "ComputeNode"

    def _is_copied(self, node: ast.expr) -> bool:
        """Whether the value is sure to be a compute node that copies the dicts it is given."""
        holding = Held(self.survey.inference.values(node), self.done).object
        is_sure = holding is not None and holding.sure and holding.name == "ComputeNode"
        return is_sure and self.survey.copies_dicts("ComputeNode", self.done)

    def _evidence(self, node: ast.expr) -> Evidence | None:
        """Why the value is a compute node, or what one is later made from; None if neither."""
        holding = Held(self.survey.inference.values(node), self.done).object
        if holding is not None and holding.name == "ComputeNode":
            return holding.evidence
        source, function = self.module.source, self.module.function_around(node)
        for call, site in self.calls:
            values = (bind(call, site.call.parameters) or {}).get("values")
            if values is None or self.module.function_around(call) is not function:
                continue
            if source.start(node) < source.start(call) and self._same(values, node):
                return site.evidence
        return None

    def _filling(self, node: ast.Assign, target: ast.Subscript) -> ast.Expr | None:
        """`values['stats'].update(stats)` right after `values['stats'] = {}`."""
        block = self.module.source.block(node)
        following = block[block.index(node) + 1 : block.index(node) + 2]
        if not following or not isinstance(following[0], ast.Expr):
            return None
        call = following[0].value
        is_update = (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "update"
            and len(call.args) == 1
            and not call.keywords
            and self._same(call.func.value, target)
        )
        return following[0] if is_update else None

    def _given(self, call: ast.Call, site: Site) -> Iterator[tuple[Span, DictField]]:
        """What the function around a call turns into text among the values it gives the call."""
        values = (bind(call, site.call.parameters) or {}).get("values")
        if values is None or self._is_seen_elsewhere(values):
            return
        function = self.module.function_around(call)
        for pair in Origins(self.survey.inference, self.module, values).pairs:
            key = ast.Constant(pair.key)
            if pair.module is not self.module or not self._is_dict_field(key):
                continue
            if self.module.function_around(pair.value) is function:
                yield from self._undone(pair.value, site.evidence)

    def _is_seen_elsewhere(self, values: ast.expr) -> bool:
        """Whether anything but the call reads the dict that it is given by name."""
        uses = self._uses(values) if isinstance(values, ast.Name) else []
        for use in uses:
            parent = self.module.source.parent(use)
            is_filled = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
            is_updated = isinstance(parent, ast.Attribute) and parent.attr == "update"
            is_bound = isinstance(use.ctx, ast.Store)
            if not (use is values or is_filled or is_updated or is_bound):
                return True
        return False

    def _uses(self, name: ast.Name) -> list[ast.Name]:
        function = self.module.function_around(name)
        root = function.node if function is not None else self.module.source.tree
        return [one for one in ast.walk(root) if isinstance(one, ast.Name) and one.id == name.id]

    def _undone(self, value: ast.expr, evidence: Evidence) -> Iterator[tuple[Span, DictField]]:
        """The places where text is made for a value, if it can be nothing else."""
        texts = self._texts(value)
        for text in texts or ():
            kind: Literal["text", "empty"] = "empty" if is_text_literal(text) else "text"
            yield self.module.source.span(text), DictField(kind, evidence)

    def _texts(self, value: ast.expr) -> list[ast.expr] | None:
        """The expressions that make a value's text; None if it may be anything else."""
        if self._is_text(value) or is_text_literal(value):
            return [value]
        if isinstance(value, ast.IfExp):
            both = [self._texts(value.body), self._texts(value.orelse)]
            return None if None in both else [text for one in both for text in one or ()]
        if isinstance(value, ast.Name):
            uses = self._uses(value)
            bound = [self.module.source.parent(one) for one in uses if one is not value]
            if len(bound) == 1 and isinstance(bound[0], ast.Assign) and len(uses) == 2:
                return self._texts(bound[0].value) if bound[0].targets == [uses[0]] else None
        return None


def is_text_literal(node: ast.expr) -> bool:
    """Whether an expression is the text of an empty dict."""
    return isinstance(node, ast.Constant) and node.value == "{}"
