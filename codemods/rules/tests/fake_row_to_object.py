# SPDX-License-Identifier: Apache-2.0
"""Let a unit test's subclass use the objects that the class under test uses.

If a method of the code under test returns a row that becomes an object, an
override that returns a literal dict returns the same object, without the keys that
are relations. If an attribute holds an object on every path of the code, an
override that assigns a dict to it makes an object from the dict.
"""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.overrides import Override
from codemods.model import Item
from codemods.rewriting.comments import under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import OverrideProvider
from codemods.rewriting.nodes import (
    arg,
    argument,
    assignment,
    attribute,
    call,
    expression,
    is_same,
    line,
    method,
)
from codemods.rewriting.writing import own_dict, pairs_with_comments
from codemods.rules.tests.base import TestRule
from codemods.rules.tests.rows import object_for, own_pairs

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)

    def create(self, context, values):
        self.node = self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return {'id': 1, 'compute_node': None}

    def create(self, context, values):
        self.node = values
        self.node['id'] = 1
""",
        """\
import copy

from nova.compute import reader
from nova import objects


class FakeReader(reader.Reader):
    def read(self, context, host):
        return objects.Service(id=1)

    def create(self, context, values):
        self.node = objects.ComputeNode()
        self.node.update(copy.deepcopy(values))
        self.node.id = 1
""",
        path="nova/tests/compute/fake_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return None

    def capabilities(self):
        return {'id': 1, 'compute_node': None}
""",
        path="nova/tests/compute/fake_reader.py",
        beside=_BESIDE,
    ),
)


New = cst.BaseSmallStatement | cst.RemovalSentinel


class FakeRowToObject(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (OverrideProvider,)

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> New:
        """`return {...}` in an override of a method that now returns an object."""
        found = self._override(original)
        if found is None:
            return updated
        item, name = self.file.item_of(found.object), found.object
        evidence = (self.step(original, f"{found.known}() returns a {name}"),)
        if found.kind == "left":
            self.left_to_person(original, item, _returned(found))
            return updated
        row = cst.ensure_type(updated.value, cst.Dict)
        host = f"{found.receiver}.host" if self._lacks_host(name, row) else ""
        if host and not found.receiver:
            self.left_to_person(original, item, _returned(found))
            return updated
        if not self.file.tree.constructor_takes_fields:
            self.wants_import(self.file.tree.spelling(name)[1], item)
            lines = list(self._filled(found, row, host, item))
            return self.replaced(original, lines, item, evidence)
        more = [arg(expression(host), "host")] if host else []
        made, wanted = object_for(self.file, name, row, more)
        self.wants_import(wanted, item)
        made = made.with_changes(lpar=row.lpar, rpar=row.rpar)
        return self.edited(original, updated.with_changes(value=made), item, evidence)

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> New:
        """`self.compute_node = values`, where `values` is the dict passed to the method.

        Or a lambda in the place of a method.
        """
        found = self._override(original)
        if found is None:
            return updated
        item = self.file.item_of(found.object)
        if not found.attribute:
            self.left_to_person(original, item, _returned(found))
            return updated
        place = f"{found.receiver}.{found.attribute}"
        evidence = (self.step(original, f"`{place}` is a {found.object} in {found.known}"),)
        reason = (
            f"keeps a dict in `{place}`, which is a {found.object} in {found.known} from now on"
        )
        if found.kind == "left":
            self.left_to_person(original, item, reason)
            return updated
        self.wants_import(self.file.tree.spelling(found.object)[1], item)
        lines = list(self._kept(found, updated, expression(place), item))
        return self.replaced(original, lines, item, evidence)

    def _override(self, original: cst.CSTNode) -> Override | None:
        return self.get_metadata(OverrideProvider, original, None)

    def _lacks_host(self, name: str, row: cst.Dict) -> bool:
        """Whether a service needs a host, to find its nodes by, that the row lacks."""
        return (
            name == "Service"
            and "host" not in dict(own_pairs(name, row))
            and self.file.adds_nodes_getter
        )

    def _filled(
        self, found: Override, row: cst.Dict, host: str, item: Item
    ) -> Iterator[cst.BaseStatement]:
        """The lines that make an object, fill it and return it."""
        variable, own = expression(found.variable), dict(own_pairs(found.object, row))
        yield assignment(variable, self._made(found))
        for key, value, comments in pairs_with_comments(row):
            if key in own:
                field = self.file.tree.field_type(found.object, key)
                if field.is_dict and not isinstance(value, cst.Dict):
                    value = own_dict(self, found.object, value, item)
                new = assignment(attribute(variable, key), value)
                yield under(new, [cst.EmptyLine(comment=one) for one in comments])
        if host:
            yield assignment(attribute(variable, "host"), expression(host))
        yield line(cst.Return(variable))

    def _kept(
        self, found: Override, updated: cst.Assign, place: cst.BaseExpression, item: Item
    ) -> Iterator[cst.BaseStatement]:
        """The lines that make an object from the method's argument, and set the other targets."""
        yield assignment(place, self._made(found))
        values = own_dict(self, found.object, updated.value, item)
        yield line(method(place, "update", argument(values)))
        others = [one for one in updated.targets if not is_same(one.target, place)]
        if others:
            yield line(updated.with_changes(targets=others))

    def _made(self, found: Override) -> cst.Call:
        return call(self.file.tree.spelling(found.object)[0])


def _returned(found: Override) -> str:
    return f"returns a dict where {found.known}() returns a {found.object} from now on"
