# SPDX-License-Identifier: Apache-2.0
"""Replace `row['host']` with `row.host`, read or written.

This is done only if the value is an object on every path that was found, and the
key is one of the object's fields as the tree declares them, or the compute node's
property for its service. Other relations are left to other rules; a key that is
not a field is listed.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.readings import Attribute
from codemods.analysis.relations import INSTANCE, NODES
from codemods.mappings import relations
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, RelationProvider
from codemods.rewriting.nodes import literal_key
from codemods.rules.code.base import CodeRule

SLICED = m.Subscript(slice=[m.SubscriptElement(m.Slice())])


EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def hosts(self, context, topic):
        services = self.conductor_api.service_get_all_by_topic(context, topic)
        return [service['host'] for service in services]
""",
        """\
from nova import objects


class Reader(object):

    def hosts(self, context, topic):
        services = objects.ServiceList.get_by_topic(context, topic)
        return [service.host for service in services]
""",
    ),
    LeftAlone(
        """\
def host(service):
    return service['host']
""",
    ),
)


class SubscriptToAttribute(CodeRule):
    """See the module."""

    TESTS_TOO = True
    METADATA_DEPENDENCIES = (HoldsProvider, RelationProvider)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._deleted: set[cst.BaseExpression] = set()
        self._stored: set[cst.BaseExpression] = set()

    def visit_Del(self, node: cst.Del) -> None:
        target = node.target
        many = [e.value for e in target.elements] if isinstance(target, cst.Tuple) else [target]
        self._deleted.update(many)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._stored.add(node.target)

    def leave_Subscript(
        self, original: cst.Subscript, updated: cst.Subscript
    ) -> cst.BaseExpression:
        """`row['host']` as `row.host`."""
        row = self.holding(original.value)
        if row is None or m.matches(original, SLICED):
            return updated
        key, item = literal_key(original), self.file.item_of(row.name)
        is_property = self._is_property(original)
        if (row.name, key) in relations() and not is_property:
            return updated
        if key is None:
            self.declined(original, item, "key.not-literal", row.evidence)
        elif original in self._deleted:
            self.declined(original, item, "value.dict-only", row.evidence, "del")
        elif not row.sure:
            # no row has any other key, so if one is read, the value is something else
            if self.file.may_be_key(row.name, key):
                evidence = (*row.evidence, *row.contrary)
                self.declined(original, item, "value.mixed", evidence, f"'{key}'")
        elif not is_property and not self.file.field_type(row.name, key):
            self.declined(original, item, "key.no-such-field", row.evidence, key)
        else:
            dot = cst.Dot(whitespace_before=updated.whitespace_after_value)
            new = cst.Attribute(updated.value, cst.Name(key), dot, updated.lpar, updated.rpar)
            does = self._effect(original, row.name, key)
            return self.edited(original, new, item, row.evidence, does)
        return updated

    def _effect(self, original: cst.Subscript, name: str, key: str) -> Effect | None:
        is_copied = original in self._stored and self.file.copies_dicts(name)
        return Effect.STORES_STATS if is_copied and key == "stats" else None

    def _is_property(self, original: cst.Subscript) -> bool:
        found = self.reading(original)
        if found is None or found.relation.names in (NODES, INSTANCE):
            return False
        return isinstance(found.way, Attribute)
