# SPDX-License-Identifier: Apache-2.0
"""Mappings from outside the package: what a fork adds to the conductor and the objects."""

import dataclasses
import pathlib
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from codemods.errors import BadMapping, nearest
from codemods.model import ITEM_OF_OBJECT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Rows = Mapping[str, Mapping[str, Any]]

KINDS = ("get", "list", "create", "update", "destroy")

#: The tables of a file, and the keys of each row.
_TABLES: Mapping[str, Mapping[str, type]] = {
    "calls": {
        "object": str,
        "kind": str,
        "parameters": list,
        "call": str,
        "arguments": list,
        "elevated": bool,
        "named_values": bool,
        "declined": str,
    },
    "relations": {"object": str, "joined": list},
    "fields": {},
    "stubs": {"keywords": list, "conductor": str},
    "decorators": {"passing_on": list},
    "reasons": {"means": str, "remedy": str},
}

#: The keys that a row must have.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "calls": ("object", "kind", "parameters"),
    "relations": ("object", "joined"),
    "reasons": ("means", "remedy"),
}

#: The parameters without which the conductor's methods that write cannot be rewritten.
_WRITES: Mapping[str, tuple[str, ...]] = {"create": ("values",), "update": ("row", "values")}


@dataclasses.dataclass(frozen=True)
class Own:
    """The tables of all files, in the same form as the package's own `mappings/*.toml`.

    `fields` are, for each object, the fields that it has but its class does not declare.
    """

    calls: Rows = dataclasses.field(default_factory=dict)
    relations: Mapping[str, Rows] = dataclasses.field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    stubs: Rows = dataclasses.field(default_factory=dict)
    decorators: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    reasons: Rows = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Shipped:
    """The names in the package's own tables, which a file may refer to."""

    calls: Mapping[str, str]
    reasons: Collection[str]


def read(paths: Iterable[pathlib.Path], shipped: Shipped) -> Own:
    """The mappings of all files; later ones take precedence. Raises `BadMapping`."""
    found: dict[str, dict[str, Any]] = {name: {} for name in _TABLES}
    for path in paths:
        for name, rows in _File(path, shipped, found).tables().items():
            for key, row in rows.items():
                found[name][key] = _both(name, found[name].get(key), row)
    return Own(**found)


def _both(table: str, known: Any, row: Any) -> Any:
    """Combine what two files say for a key: relations, fields and decorators add up."""
    if known is None:
        return row
    if table == "decorators":
        return [*known, *row]
    return {**known, **row} if table in ("relations", "fields") else row


class _File:
    """One file, whose rows may refer to those of earlier files."""

    def __init__(
        self, path: pathlib.Path, shipped: Shipped, before: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.path = path
        self.data = _loaded(path)
        own = {name: self._table(name) for name in _TABLES}
        self.reasons = {*shipped.reasons, *before["reasons"], *own["reasons"]}
        self.shipped_reasons = shipped.reasons
        rows = {**before["calls"], **own["calls"]}
        self.calls = {**shipped.calls, **{n: str(row.get("object")) for n, row in rows.items()}}
        self.own = own

    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """All tables, checked row by row; raises `BadMapping`."""
        for name in self.data:
            if name not in _TABLES:
                raise self.wrong(name, f"not a table of mappings{nearest(name, _TABLES)}")
        for name, row in self.own["calls"].items():
            self._check_call(f"calls.{name}", row)
        for owner, keys in self.own["relations"].items():
            self._check_object(f"relations.{owner}", owner)
            for key, row in keys.items():
                self._check_relation(f"relations.{owner}.{key}", owner, row)
        self._check_others()
        return self.own

    def wrong(self, key: str, why: str) -> BadMapping:
        """The error for a key."""
        return BadMapping(f"{self.path}: {key}: {why}")

    def _table(self, name: str) -> dict[str, Any]:
        table = self.data.get(name, {})
        if not isinstance(table, dict):
            raise self.wrong(name, f"is not a table; write [{name}.NAME]")
        rows = table.values() if name not in ("decorators",) else ()
        for key, row in zip(table, rows, strict=False):
            if not isinstance(row, dict):
                raise self.wrong(f"{name}.{key}", f"is not a table; write [{name}.{key}]")
        return table

    def _check_row(self, kind: str, key: str, row: Any) -> None:
        """Raise `BadMapping` if a row has an unknown key or lacks a required one."""
        known = _TABLES[kind]
        if not isinstance(row, dict):
            raise self.wrong(key, f"is not a table; write [{key}]")
        for name, value in row.items():
            self._check_value(f"{key}.{name}", known, name, value)
        for name in _NEEDED.get(kind, ()):
            if name not in row:
                raise self.wrong(key, f"lacks `{name}`")

    def _check_value(self, key: str, known: Mapping[str, type], name: str, value: Any) -> None:
        if name not in known:
            raise self.wrong(
                key, f"is not a key here{nearest(name, known)}; there are {', '.join(known)}"
            )
        if type(value) is not known[name]:
            wanted = {str: "a text", list: "a list of texts", bool: "true or false"}[known[name]]
            raise self.wrong(key, f"{value!r} is not {wanted}")
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise self.wrong(key, f"{value!r} is not a list of texts")

    def _check_object(self, key: str, name: str) -> None:
        if name not in ITEM_OF_OBJECT:
            raise self.wrong(
                key, f"{name} is not one of the objects {', '.join(sorted(ITEM_OF_OBJECT))}"
            )

    def _check_call(self, key: str, row: Any) -> None:
        self._check_row("calls", key, row)
        self._check_object(f"{key}.object", row["object"])
        if row["kind"] not in KINDS:
            raise self.wrong(f"{key}.kind", f"{row['kind']!r} is not one of {', '.join(KINDS)}")
        parameters = row["parameters"]
        for name in ("context", *_WRITES.get(row["kind"], ())):
            if name not in parameters:
                raise self.wrong(f"{key}.parameters", f"lack `{name}`; name it as it is used here")
        if row["kind"] == "destroy" and not {"row", "id"} & {*parameters}:
            raise self.wrong(f"{key}.parameters", "lack `row`, or `id`; name what is destroyed so")
        if "declined" in row and row["declined"] not in self.reasons:
            code = row["declined"]
            raise self.wrong(
                f"{key}.declined", f"{code!r} is not a reason code{nearest(code, self.reasons)}"
            )
        self._check_getter(key, row, parameters)

    def _check_getter(self, key: str, row: Mapping[str, Any], parameters: Collection[str]) -> None:
        reads = row["kind"] in ("get", "list")
        if not reads or "declined" in row:
            for name in ("call", "arguments"):
                if name in row:
                    what = "declined" if reads else f"there to {row['kind']}"
                    raise self.wrong(f"{key}.{name}", f"is not asked of what is {what}; drop it")
            return
        for name in ("call", "arguments"):
            if name not in row:
                raise self.wrong(key, f"lacks `{name}`, what takes its place; or say `declined`")
        owner, dot, method = row["call"].partition(".")
        wanted = row["object"] + ("List" if row["kind"] == "list" else "")
        if owner != wanted or not dot or not method.isidentifier():
            raise self.wrong(f"{key}.call", f"{row['call']!r} is not a method of {wanted}")
        for one in row["arguments"]:
            if one not in parameters:
                raise self.wrong(f"{key}.arguments", f"{one!r} is not one of the parameters")

    def _check_relation(self, key: str, owner: str, row: Any) -> None:
        self._check_row("relations", key, row)
        self._check_object(f"{key}.object", row["object"])
        for call in row["joined"]:
            if call not in self.calls:
                near = nearest(call, self.calls)
                raise self.wrong(
                    f"{key}.joined", f"{call!r} is not a method of the conductor{near}"
                )
            if self.calls[call] != owner:
                raise self.wrong(f"{key}.joined", f"{call!r} does not return rows of {owner}")

    def _check_others(self) -> None:
        for owner, fields in self.own["fields"].items():
            self._check_object(f"fields.{owner}", owner)
            for name, kind in fields.items():
                if not isinstance(kind, str) or not kind:
                    raise self.wrong(
                        f"fields.{owner}.{name}",
                        'is not the source of a field\'s type; write "fields.StringField()", say',
                    )
        for name, row in self.own["stubs"].items():
            self._check_row("stubs", f"stubs.{name}", row)
            call = row.get("conductor", name)
            if call not in self.calls:
                near = nearest(call, self.calls)
                raise self.wrong(
                    f"stubs.{name}", f"{call!r} is not a method of the conductor{near}"
                )
        self._check_row("decorators", "decorators", self.own["decorators"])
        for code, row in self.own["reasons"].items():
            self._check_row("reasons", f"reasons.{code}", row)
            if code in self.shipped_reasons:
                raise self.wrong(f"reasons.{code}", "is a reason code already; choose another")


def _loaded(path: pathlib.Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BadMapping(f"{path}: {error.strerror}; --mappings names a file") from None
    except ValueError as error:
        raise BadMapping(f"{path}: not valid TOML: {error}") from None
