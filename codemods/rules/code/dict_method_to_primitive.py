# SPDX-License-Identifier: Apache-2.0
"""Let code that reads a row as a dict keep working if the row may be an object.

`row.copy()`, `row.keys()`, `dict(row)` and `**row` do not work on objects.
`obj_to_primitive` converts an object to a dict and returns a dict unchanged, so
the code works with both and sees the same keys. If one of the compute node's
fields holds an object, a copy has to hold that object too, so it is made from
the node's items without converting them.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.row_uses import READERS as ROW_READERS
from codemods.analysis.row_uses import READING
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import argument, call, changed, method
from codemods.rewriting.primitives import PrimitiveRule
from codemods.rules.code.base import CodeRule

#: Functions that read their argument as a dict.
READERS = ROW_READERS | {"dict"}

#: What makes a new dict from a dict.
COPYING = {"dict", "copy.copy", "**"}

COPY = m.Attribute(attr=m.Name("copy"))

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        return node.copy()['vcpus']
""",
        """\
import copy

from nova import objects
from nova.objects import base as obj_base


class Writer(object):

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        return obj_base.obj_to_primitive(node)['vcpus']
""",
    ),
    LeftAlone(
        """\
def copied(node):
    return node.copy(), dict(node), list(node)
""",
    ),
)


class DictMethodToPrimitive(PrimitiveRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The called expressions, and the arguments that are read as dicts, with their readers.
        self._called: set[cst.BaseExpression] = set()
        self._read: dict[cst.Arg, str] = {}

    def visit_Call(self, node: cst.Call) -> None:
        self._called.add(node.func)
        function = self._function(node)
        for arg in node.args:
            if arg.star == "**":
                self._read[arg] = arg.star
            elif function in READERS and not arg.star and arg.keyword is None:
                self._read[arg] = function

    def leave_Attribute(
        self, original: cst.Attribute, updated: cst.Attribute
    ) -> cst.BaseExpression:
        """A dict method that reads the row."""
        name = original.attr.value
        if name in READING and original in self._called:
            row = self.holding(original.value)
            if row is not None and name != "copy":
                value = self.primitive(original.value, updated.value, row)
                return updated.with_changes(value=value)
        return updated

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`row.copy()`: a dict made from an object's fields or items is a copy already."""
        if not m.matches(original.func, COPY):
            return updated
        copied = cst.ensure_type(original.func, cst.Attribute).value
        row, value = self.holding(copied), cst.ensure_type(updated.func, cst.Attribute).value
        if row is None:
            return updated
        if self.keeps_objects(row):
            new = self._items(value)
            self.edited(original, new, self.item(row), row.evidence)
        else:
            effect = None if row.sure else Effect.COPIES_ROW
            made = self.primitive(copied, argument(value), row, effect)
            new = cst.ensure_type(made, cst.Call) if row.sure else call("dict", made)
        return new.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    def leave_Arg(self, original: cst.Arg, updated: cst.Arg) -> cst.Arg:
        """`dict(row)` and `f(**row)`."""
        reader, row = self._read.get(original), self.holding(original.value)
        # a reader that copies a dict needs a dict even if the row only may be an object
        if reader is None or row is None or not (row.sure or reader in ("dict", "**")):
            return updated
        if reader not in COPYING or not self.keeps_objects(row):
            value = self.primitive(original.value, updated.value, row)
            return updated.with_changes(value=value)
        is_dict = reader == "dict"
        items = method(updated.value, "items") if is_dict else self._items(updated.value)
        self.edited(original.value, items, self.item(row), row.evidence)
        return updated.with_changes(value=items)

    def leave_For(self, original: cst.For, updated: cst.For) -> cst.For:
        """`for key in row:`."""
        return changed(updated, iter=self._keys(original.iter, updated.iter))

    def leave_CompFor(self, original: cst.CompFor, updated: cst.CompFor) -> cst.CompFor:
        """`for key in row` within a comprehension."""
        return changed(updated, iter=self._keys(original.iter, updated.iter))

    def _function(self, node: cst.Call) -> str:
        """The dotted name of what is called; a builtin has its plain name."""
        return self.file.dotted_name(node.func).removeprefix(f"{self.file.module.dotted}.")

    def _items(self, value: cst.BaseExpression) -> cst.Call:
        return call("dict", method(value, "items"))

    def _keys(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        row = self.holding(original)
        return self.primitive(original, updated, row) if row is not None and row.sure else updated
