# SPDX-License-Identifier: Apache-2.0
"""What fields hold as it is given to them, and of what they make something else."""

#: The types of the literals that fields hold as they are, where a field makes others its own.
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


def holds_literal(kind: str, value: object) -> bool:
    """Whether a field of a kind holds a literal as it is."""
    name = kind.partition("(")[0].rpartition(".")[2].removesuffix("Field")
    taken = _TYPES.get(name)
    return taken is None or type(value) in taken
