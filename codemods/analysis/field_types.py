# SPDX-License-Identifier: Apache-2.0
"""Which values a field keeps as they are, and which it converts."""

import ast
import ipaddress
from collections.abc import Iterator

_NONE = type(None)

#: The types of the values that a kind of field keeps as they are; it converts all others.
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


def holds(kind: str, node: ast.expr) -> bool:
    """Whether a field of a kind keeps an expression's value as it is, as far as we can tell."""
    taken = _taken(kind)
    return all(_is_taken(kind, taken, one) for one in _types(node))


def stores(kind: str, node: ast.expr) -> bool:
    """Whether a row ends up with the same value as without the field, as far as we can tell."""
    taken = _taken(kind)
    text = node.value if isinstance(node, ast.Constant) else None
    if isinstance(text, str) and ("IPAddress" in kind or "ip_or_none" in kind):
        return is_address(text)
    others = _STORED_ALIKE.get(taken, ()) if taken is not None else ()
    return all(one in others or _is_taken(kind, taken, one) for one in _types(node))


def takes(kind: str, node: ast.expr) -> bool:
    """Whether a field of a kind is sure to accept an expression: a literal of its type."""
    if not isinstance(node, ast.Constant):
        return False
    taken = _taken(kind)
    return taken is not None and _is_taken(kind, taken, type(node.value))


def _taken(kind: str) -> tuple[type, ...] | None:
    name = kind.partition("(")[0].rpartition(".")[2].removesuffix("Field")
    return _TYPES.get(name)


def _is_taken(kind: str, taken: tuple[type, ...] | None, given: type) -> bool:
    if given is _NONE:
        return taken is None or "nullable=True" in kind or kind.endswith("_or_none")
    return taken is None or given in taken


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
