# SPDX-License-Identifier: Apache-2.0
"""What fields hold and store as it is given to them, as far as an expression tells."""

import ast

import pytest

from codemods.analysis.field_types import FieldType

INTEGER = "fields.IntegerField()"
ADDRESS = "fields.IPAddressField(nullable=True)"
STRING = "fields.StringField(nullable=True)"

#: A field, what it is given, whether it holds that, and whether the row has it in the end.
GIVEN = [
    pytest.param(INTEGER, "3", True, True, id="a number"),
    pytest.param(INTEGER, "'3'", False, True, id="text for a number"),
    pytest.param(INTEGER, "3 / 2.0", False, False, id="a fraction"),
    pytest.param(INTEGER, "-2.5", False, False, id="a fraction below zero"),
    pytest.param(INTEGER, "None", False, False, id="nothing for a number"),
    pytest.param(INTEGER, "x or None", False, False, id="something, or nothing"),
    pytest.param(INTEGER, "None or x", True, True, id="nothing passed by"),
    pytest.param(INTEGER, "len(x)", True, True, id="counted"),
    pytest.param(INTEGER, "x", True, True, id="not known"),
    pytest.param(STRING, "None", True, True, id="nothing for text"),
    pytest.param(STRING, "'%s' % x", True, True, id="text that is made"),
    pytest.param(STRING, "x == y", False, False, id="a truth value for text"),
    pytest.param(STRING, "7", False, True, id="a number for text"),
    pytest.param("int", "None", False, False, id="an older number, nothing"),
    pytest.param("utils.int_or_none", "None", True, True, id="an older number or nothing"),
    pytest.param("fields.BooleanField()", "not x", True, True, id="a truth value"),
    pytest.param("fields.BooleanField()", "1", False, True, id="a number for a truth value"),
    pytest.param("fields.DictOfStringsField()", "{'a': 1}", True, True, id="of another kind"),
    pytest.param("fields.DateTimeField(nullable=True)", "'2014'", False, True, id="a time"),
    pytest.param(
        "fields.IPAddressField(nullable=True)", "'10.0.0.7'", False, True, id="an address"
    ),
    pytest.param(
        "fields.IPAddressField(nullable=True)", "'fe80::1'", False, True, id="a longer one"
    ),
    pytest.param("utils.ip_or_none(4)", "'fake-ip'", False, False, id="no address"),
]


@pytest.mark.parametrize(("kind", "given", "is_held", "is_stored"), GIVEN)
def test_what_a_field_makes_of_it(kind: str, given: str, is_held: bool, is_stored: bool):
    node = ast.parse(given, mode="eval").body
    assert FieldType(kind).holds(node) == is_held
    assert FieldType(kind).stores(node) == is_stored
