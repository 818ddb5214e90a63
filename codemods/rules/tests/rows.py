# SPDX-License-Identifier: Apache-2.0
"""Literal rows in unit tests, and the objects that replace them; shared by the rules of tests."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from codemods.analysis.field_types import FieldType
from codemods.mappings import relations
from codemods.rewriting.file import File, Follower
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import arg, argument, call, pairs

Pair = tuple[str, cst.BaseExpression]

_NO_NUMBER = m.SimpleString() | m.ConcatenatedString() | m.Float() | m.Name("None")


#: Columns whose value in a plain row is not None.
_JOINED = {
    "extra_specs": "{}",
    "metadata": "{}",
    "system_metadata": "{}",
    "security_groups": "[]",
    "pci_devices": "[]",
}


#: The rows within rows that objects do not contain, with what the code does instead.
_READ_APART = {
    ("Service", "compute_node"): Effect.READS_NODES,
    ("Migration", "instance"): Effect.READS_INSTANCE,
}


def read_apart(file: Follower, name: str, literal: cst.Dict) -> Iterator[str]:
    """The keys of a literal row whose rows the code now reads with separate queries."""
    for key, _ in pairs(literal):
        effect = _READ_APART.get((name, key))
        if effect is not None and file.tests_what(effect):
            yield key


def own_pairs(name: str, literal: cst.Dict) -> list[Pair]:
    """The keys and values of a literal row, without the joined rows."""
    return [(key, value) for key, value in pairs(literal) if (name, key) not in relations()]


def object_for(
    file: File, name: str, literal: cst.Dict, more: list[cst.Arg] | None = None
) -> tuple[cst.Call, str]:
    """The object that replaces a literal row, or a mock of one, and the import that it needs.

    `more` are keywords that the row lacks.
    """
    spelled, line = file.tree.spelling(name)
    found = [
        (key, value)
        for key, value in own_pairs(name, literal)
        if not file.tree.field_type(name, key).is_object
    ]
    words = [*(arg(argument(value), key) for key, value in found), *(more or [])]
    is_legal = file.tree.constructor_takes_fields and all(
        _is_legal(file.tree.field_type(name, key), value) for key, value in found
    )
    made = call(spelled if is_legal else "mock.Mock").with_changes(args=words)
    return made, line if is_legal else "import mock"


def _is_legal(field: FieldType, value: cst.BaseExpression) -> bool:
    """Whether the value is valid for a field of that type."""
    return bool(field) and not (field.is_integer and m.matches(value, _NO_NUMBER))


def sample(name: str, field: FieldType) -> str:
    """A value of the column for a test that does not care about it."""
    if name == "id":
        # a row is deleted if `deleted`, which is 0 here, equals its id
        return "1"
    if name in _JOINED:
        return _JOINED[name]
    if name == "deleted" or field.is_boolean:
        return "False"
    if field.is_nullable or field.is_time or field.is_object:
        return "None"
    if field.is_integer:
        return "0"
    if field.is_float:
        return "0.0"
    return "''"
