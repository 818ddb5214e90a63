# SPDX-License-Identifier: Apache-2.0
"""The types of objects' fields: which values one keeps as they are, and which it converts."""

import ast
import dataclasses
import functools
import ipaddress
import re
from collections.abc import Iterator

_NONE = type(None)

#: The types whose values are others than those of the column.
_CONVERTED = re.compile(r"datetime|ipaddress|ip_?v\d|ip_or_none|ipnetwork", re.I)

#: The types of the values that a type of field keeps as they are; it converts all others.
_TYPES: dict[str, tuple[type, ...]] = {
    "Boolean": (bool,),
    "bool": (bool,),
    "cstring": (str,),
    "datetime_or_str_or_none": (),
    "DateTime": (),
    "Float": (float,),
    "float_or_none": (float,),
    "IPAddress": (),
    "int": (int,),
    "int_or_none": (int,),
    "Integer": (int,),
    "ip_or_none": (),
    "str_or_none": (str,),
    "str_value": (str,),
    "String": (str,),
    "UUID": (str,),
}

#: By the types that a field keeps, others that it converts to what the column stores anyway.
_STORED_ALIKE: dict[tuple[type, ...], tuple[type, ...]] = {
    (): (str,),
    (bool,): (int,),
    (float,): (int,),
    (int,): (bool, str),
    (str,): (int,),
}

#: The types that builtins return.
_CALLS: dict[str, type] = {
    "bool": bool,
    "dict": dict,
    "float": float,
    "int": int,
    "len": int,
    "list": list,
    "long": int,
    "repr": str,
    "str": str,
    "unicode": str,
}

#: The types of literals, and of expressions whose syntax shows the type.
_NODES: dict[type[ast.expr], type] = {
    ast.Compare: bool,
    ast.Dict: dict,
    ast.DictComp: dict,
    ast.List: list,
    ast.ListComp: list,
    ast.Tuple: tuple,
}


@dataclasses.dataclass(frozen=True)
class FieldType:
    """The type of a field, by its `source`; false if there is no such field.

    In 2013.2 and before, it is a function that converts the value.
    """

    source: str

    def __bool__(self) -> bool:
        return bool(self.source)

    @functools.cached_property
    def name(self) -> str:
        """Its name, without its module and the word "Field": "DictOfStrings", "int_or_none"."""
        return self.source.partition("(")[0].rpartition(".")[2].removesuffix("Field")

    @property
    def is_dict(self) -> bool:
        """Whether its values are dicts."""
        return "dict" in self.name.lower()

    @property
    def is_object(self) -> bool:
        """Whether its values are objects, or lists of some."""
        return "Object" in self.name

    @property
    def has_strings(self) -> bool:
        """Whether its values are lists of strings, or dicts, whose values it makes strings."""
        return "Strings" in self.name or self.is_dict

    @property
    def is_boolean(self) -> bool:
        """Whether its values are truth values."""
        return self.name in ("Boolean", "bool")

    @property
    def is_integer(self) -> bool:
        """Whether its values are integers."""
        return self.name in ("Integer", "int", "int_or_none")

    @property
    def is_float(self) -> bool:
        """Whether its values are floating-point numbers."""
        return self.name in ("Float", "float_or_none")

    @property
    def is_time(self) -> bool:
        """Whether its values are times."""
        return "datetime" in self.name.lower()

    @property
    def is_address(self) -> bool:
        """Whether its values are IP addresses."""
        return "IPAddress" in self.name or self.name == "ip_or_none"

    @property
    def is_converted(self) -> bool:
        """Whether its values are not what the column stores: times, addresses and networks."""
        return _CONVERTED.search(self.name) is not None

    @property
    def is_nullable(self) -> bool:
        """Whether it accepts None."""
        return "nullable=True" in self.source or self.name.endswith("_or_none")

    @property
    def is_read_only(self) -> bool:
        """Whether a value that is set cannot be set again."""
        return "read_only=True" in self.source

    def holds(self, node: ast.expr) -> bool:
        """Whether it keeps an expression's value as it is, as far as we can tell."""
        return all(map(self._is_taken, _types(node)))

    def stores(self, node: ast.expr) -> bool:
        """Whether a row ends up with the same value as without the field, as far as we can tell."""
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and self.is_address:
            return is_address(text)
        others = _STORED_ALIKE.get(self._taken, ()) if self._taken is not None else ()
        return all(one in others or self._is_taken(one) for one in _types(node))

    def takes(self, node: ast.expr) -> bool:
        """Whether it is sure to accept an expression: a literal of its type."""
        if not isinstance(node, ast.Constant):
            return False
        return self._taken is not None and self._is_taken(type(node.value))

    @property
    def _taken(self) -> tuple[type, ...] | None:
        return _TYPES.get(self.name)

    def _is_taken(self, given: type) -> bool:
        if given is _NONE:
            return self._taken is None or self.is_nullable
        return self._taken is None or given in self._taken


NO_FIELD = FieldType("")


def _types(node: ast.expr) -> Iterator[type]:
    """The types that an expression may have, as far as its syntax shows them."""
    if isinstance(node, ast.IfExp):
        yield from _types(node.body)
        yield from _types(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            # `or` skips a None unless it comes last
            if not isinstance(node.op, ast.Or) or value is node.values[-1] or not _is_none(value):
                yield from _types(value)
    else:
        found = _type(node)
        if found is not None:
            yield found


def _type(node: ast.expr) -> type | None:
    if isinstance(node, ast.Constant):
        return type(node.value)
    if isinstance(node, ast.Call):
        return _CALLS.get(getattr(node.func, "id", ""))
    if isinstance(node, ast.UnaryOp):
        return bool if isinstance(node.op, ast.Not) else _type(node.operand)
    if isinstance(node, ast.BinOp):
        given = {_type(node.left), _type(node.right)}
        return next((one for one in (str, float) if one in given), None)
    return _NODES.get(type(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_address(text: str) -> bool:
    """Whether a string is an IPv4 or IPv6 address."""
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
