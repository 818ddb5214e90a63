# SPDX-License-Identifier: Apache-2.0
"""Pass `row.update(values)` a copy if the row is an object.

An object converts the values of a dict field to text in place and keeps the dict
itself, so the caller's own counters would become text; if its fields copy what
they are given, no other copy is needed. Keys that are not fields are kept aside
and written as well if the compute node keeps its columns; otherwise they become
plain attributes, which are not saved.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Holding
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import literal_text, passed_to
from codemods.rules.code.base import CodeRule

#: What dict.update() takes besides a dict, and an object's update() does not.
NO_DICTS = m.List() | m.Tuple() | m.GeneratorExp() | m.ListComp()

ONE_DICT = m.Call(args=[m.Arg(star="", keyword=None, value=m.DoesNotMatch(NO_DICTS))])

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, topic, values):
        for service in self.conductor_api.service_get_all_by_topic(context, topic):
            service.update(values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, topic, values):
        for service in objects.ServiceList.get_by_topic(context, topic):
            service.update(copy.deepcopy(values))
""",
    ),
    LeftAlone(
        """\
def write(service, values):
    service.update(values)
""",
    ),
)


class UpdateToCopiedUpdate(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The arguments to copy, with the rows that they are passed to.
        self._given: dict[cst.Arg, Holding] = {}

    def visit_Call(self, node: cst.Call) -> None:
        func = node.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "update":
            return
        row = self.holding(func.value)
        if row is None or not m.matches(node, ONE_DICT):
            return
        if not self.file.copies_dicts(row.name) and self._hands_over(row, node.args[0].value):
            self._given[node.args[0]] = row

    def leave_Arg(self, original: cst.Arg, updated: cst.Arg) -> cst.Arg:
        """`row.update(values)` as `row.update(copy.deepcopy(values))`."""
        if original not in self._given:
            return updated
        row = self._given[original]
        item = self.file.item_of(row.name)
        self.wants_import("import copy", item)
        copied = passed_to("copy.deepcopy", updated.value)
        self.edited(original.value, copied, item, row.evidence, Effect.COPIES_VALUES)
        return updated.with_changes(value=copied)

    def _hands_over(self, row: Holding, values: cst.BaseExpression) -> bool:
        """Whether the values may contain a dict that other code still uses."""
        if isinstance(values, cst.Call):
            return self.file.dotted_name(values.func) != "copy.deepcopy"
        if not isinstance(values, cst.Dict):
            return True
        return any(self._is_others(row, one) for one in values.elements)

    def _is_others(self, row: Holding, element: cst.BaseDictElement) -> bool:
        key = literal_text(element.key) if isinstance(element, cst.DictElement) else None
        if key is None:
            return True
        is_dict = self.file.field_type(row.name, key).is_dict
        return is_dict and not isinstance(element.value, cst.Dict)
