# SPDX-License-Identifier: Apache-2.0
"""The tables of nova 2014.2, read from ``schema_254.toml``.

A table there has its ``columns`` (name, kind, ``not null``) and its ``primary_key``, ``id`` unless
another is named. ``unique`` are constraints, ``indexes`` and ``unique_indexes`` are indexes;
``_on_servers`` marks what the migrations lose on SQLite, ``_on_mysql`` what MySQL alone has.
``foreign_keys`` say where the engines differ: whether SQLite has the key, and its names there and
on MySQL. Every table has a twin for archived rows, ``shadow_...``, with the same columns but for
``shadow_columns``, and no constraints.
"""

from __future__ import annotations

import functools
import importlib.resources
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Enum,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from shim.db.types import IPAddress, cidr, medium_text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Engines that MySQL's rules hold for.
MYSQL = ("mysql", "mariadb")
#: Engines on which the migrations lose nothing.
SERVERS = (*MYSQL, "postgresql")

_KINDS: dict[str, Any] = {
    "address": IPAddress,
    "bigint": lambda: BigInteger().with_variant(Integer(), "sqlite"),
    "cidr": cidr,
    "datetime": DateTime,
    "float": Float,
    "integer": Integer,
    "mediumtext": medium_text,
    "text": Text,
}
_OF_MYSQL: Any = {
    f"{name}_{key}": value
    for name in MYSQL
    for key, value in (("engine", "InnoDB"), ("charset", "utf8"))
}


@functools.cache
def _schema() -> Mapping[str, Any]:
    text = importlib.resources.files("shim.db").joinpath("schema_254.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def metadata_of(engine_name: str) -> MetaData:
    """Every table, as the migrations leave it on that engine (``sqlite``, ``mysql``, ...)."""
    metadata = MetaData()
    for name, spec in _schema().items():
        columns = _columns(name, spec, engine_name, checked=True)
        Table(name, metadata, *columns, *_constraints(name, spec, engine_name), **_OF_MYSQL)
        _add_shadow(name, spec, engine_name, metadata)
    return metadata


def table_of(name: str, metadata: MetaData) -> Table:
    """The columns alone, for queries on any engine."""
    return Table(name, metadata, *_columns(name, _schema()[name], "", checked=False))


def _add_shadow(name: str, spec: Mapping[str, Any], engine_name: str, metadata: MetaData) -> None:
    shadow = f"shadow_{name}"
    changed = {text.split()[0]: text for text in spec.get("shadow_columns", ())}
    columns = [changed.get(text.split()[0], text) for text in spec["columns"]]
    Table(
        shadow,
        metadata,
        *_columns(
            shadow,
            {**spec, "columns": columns, "order_on_sqlite": ()},
            engine_name,
            checked=engine_name == "sqlite",
        ),
        *(Index(n, *names) for n, names in spec.get("shadow_indexes", {}).items()),
        **_OF_MYSQL,
    )


def _columns(
    table: str, spec: Mapping[str, Any], engine_name: str, checked: bool
) -> Iterable[Column[Any]]:
    order: Any = spec.get("order_on_sqlite") if engine_name == "sqlite" else None
    key = spec.get("primary_key", "id")
    made = {}
    for text in spec["columns"]:
        name, kind, *refusal = text.split(maxsplit=2)
        made[name] = Column(
            name, _type(table, name, kind, checked), primary_key=name == key, nullable=not refusal
        )
    return [made[name] for name in order or made]


def _type(table: str, column: str, kind: str, checked: bool) -> TypeEngine[Any]:
    name, _, arguments = kind.rstrip(")").partition("(")
    if name == "varchar":
        return String(int(arguments))
    if name == "enum":
        return Enum(*arguments.split(","), name=f"{table}0{column}", create_constraint=checked)
    if name in ("boolean", "unchecked_boolean"):
        return Boolean(create_constraint=checked and name == "boolean")
    made: TypeEngine[Any] = _KINDS[name]()
    return made


def _constraints(name: str, spec: Mapping[str, Any], engine_name: str) -> Iterable[Any]:
    where = [""]
    if engine_name in SERVERS:
        where.append("_on_servers")
    if engine_name in MYSQL:
        where.append("_on_mysql")
    lengths = spec.get("mysql_lengths", {})
    for suffix in where:
        for key, names in spec.get(f"unique{suffix}", {}).items():
            yield UniqueConstraint(*names, name=key)
        for key, names in spec.get(f"indexes{suffix}", {}).items():
            options = {f"{engine}_length": lengths[key] for engine in MYSQL if key in lengths}
            yield Index(key, *names, **options)
    for key, names in spec.get("unique_indexes", {}).items():
        yield Index(key, *names, unique=True)
    for column, reference in spec.get("foreign_keys", {}).items():
        yield from _foreign_key(name, column, reference, engine_name)


def _foreign_key(
    table: str, column: str, reference: Mapping[str, Any], engine_name: str
) -> Iterable[ForeignKeyConstraint]:
    name: str | None = f"{table}_{column}_fkey"
    if engine_name == "sqlite":
        if not reference.get("on_sqlite", True):
            return
        name = reference.get("sqlite")
    elif engine_name in MYSQL:
        name = reference.get("mysql", name)
    yield ForeignKeyConstraint([column], [reference["to"]], name=name)
