# SPDX-License-Identifier: Apache-2.0
"""Replace `row.get('host')` with `row.host`.

A row from the conductor has every column as a key, so its `get` never returns
the default; the attribute of the object read from the same row has the same
value, None included. This is done only if the value is an object on every path.
"""

import libcst as cst
import libcst.matchers as m

from codemods.mappings import relations
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import literal_text
from codemods.rules.code.base import CodeRule

#: Expressions that need not be evaluated.
EFFECTLESS = m.OneOf(
    m.Name(), m.SimpleString(), m.ConcatenatedString(), m.Integer(), m.Float(), m.Imaginary()
)

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def topic(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service.get('topic', 'compute')
""",
        """\
from nova import objects


class Reader(object):

    def topic(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        return service.topic
""",
    ),
    LeftAlone(
        """\
def topic(service):
    return service.get('topic', 'compute')
""",
    ),
)


class GetToAttribute(CodeRule):
    """See the module."""

    TESTS_TOO = True
    METADATA_DEPENDENCIES = (HoldsProvider,)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        """`row.get('host')` as `row.host`."""
        getter = original.func
        if not isinstance(getter, cst.Attribute) or getter.attr.value != "get":
            return updated
        row = self.holding(getter.value)
        if row is None or not original.args or original.args[0].keyword is not None:
            return updated
        first = original.args[0]
        key, item = (
            literal_text(first.value) if not first.star else None,
            self.file.item_of(row.name),
        )
        if (row.name, key) in relations():
            return updated
        if key is None:
            self.declined(original, item, "key.not-literal", row.evidence)
        elif not row.sure:
            # no row has any other key, so if one is read, the value is something else
            if self.file.may_be_key(row.name, key):
                evidence = (*row.evidence, *row.contrary)
                self.declined(original, item, "value.mixed", evidence, f"'{key}'")
        elif not self.file.field_type(row.name, key):
            self.declined(original, item, "key.no-such-field", row.evidence, key)
        elif len(original.args) > 2 or not all(map(_has_no_effect, original.args)):
            self.declined(original, item, "call.arguments", row.evidence)
        else:
            return self.edited(original, _attribute(updated, key), item, row.evidence)
        return updated


def _has_no_effect(argument: cst.Arg) -> bool:
    """Whether the argument need not be evaluated."""
    value = argument.value
    while isinstance(value, cst.Attribute):
        value = value.value
    return not argument.star and argument.keyword is None and m.matches(value, EFFECTLESS)


def _attribute(node: cst.Call, name: str) -> cst.Attribute:
    """`row.name` for `row.get('name')`, with all its parentheses."""
    getter = cst.ensure_type(node.func, cst.Attribute)
    return getter.with_changes(
        attr=cst.Name(name),
        lpar=[*node.lpar, *getter.lpar],
        rpar=[*getter.rpar, *node.rpar],
    )
