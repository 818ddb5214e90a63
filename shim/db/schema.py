# SPDX-License-Identifier: Apache-2.0
"""Create the schema, and say whether a database has it."""

import pathlib
from collections.abc import Iterator

import sqlalchemy
from sqlalchemy import inspect
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from shim.db import schema_tables, tables

REPOSITORY = {"repository_id": "nova", "repository_path": "nova/db/sqlalchemy/migrate_repo"}


def make_folder(url: URL) -> None:
    """Make the folder that a SQLite file is to lie in; what users stored is its owner's alone."""
    if url.database and not url.database.startswith("file:"):
        pathlib.Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def exists(url: URL) -> bool:
    """Whether the file of a SQLite database is there; one in memory always is."""
    if url.database in (None, "", ":memory:") or str(url.database).startswith("file:"):
        return True
    return pathlib.Path(str(url.database)).exists()


def create_if_empty(engine: Engine) -> bool:
    """Create the schema in an empty SQLite database; True when this call did it.

    Safe when several processes do it at once: one creates, the others wait for it.
    """
    with engine.connect() as connection:
        if inspect(connection).get_table_names():
            return False
    if engine.url.database not in (None, "", ":memory:"):
        _use_write_ahead_log(engine)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("BEGIN IMMEDIATE")
        try:
            created = not inspect(connection).get_table_names()
            if created:
                _create(connection)
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise
        return created


def _use_write_ahead_log(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    except Exception:
        # Another process is creating the schema right now: it sets the mode for everybody.
        return
    finally:
        raw.close()


def create(engine: Engine) -> None:
    """Create the schema in an empty database.

    Raises ValueError, and changes nothing, when the database has tables already. MySQL cannot
    take table definitions back: there an error in the middle leaves the tables made before it.
    """
    if engine.dialect.name == "sqlite":
        if not create_if_empty(engine):
            raise ValueError("the database has tables already")
        return
    with engine.begin() as connection:
        if inspect(connection).get_table_names():
            raise ValueError("the database has tables already")
        _create(connection)


def _create(connection: Connection) -> None:
    schema_tables.metadata_of(connection.dialect.name).create_all(connection, checkfirst=False)
    connection.execute(
        tables.migrate_version.insert().values(version=tables.SCHEMA_VERSION, **REPOSITORY)
    )


def check(engine: Engine) -> list[str]:
    """What keeps the shim from using the database, a line each; empty when it can.

    Tables, columns and constraints beyond the shim's are no fault: Kilo's migrations add some.
    """
    try:
        with engine.connect() as connection:
            return list(_faults(connection))
    except OperationalError as error:
        return [f"cannot connect: {error.orig}"]
    except DBAPIError as error:
        return [f"cannot be read: {error.orig}"]


def _faults(connection: Connection) -> Iterator[str]:
    found = inspect(connection)
    present = set(found.get_table_names())
    for table in tables.metadata.sorted_tables:
        if table.name not in present:
            yield f"table {table.name} is missing"
            continue
        yield from _column_faults(found, table)
        yield from _extra_column_faults(found, table)
        yield from _unique_faults(found, table)
    if "migrate_version" in present:
        yield from _version_faults(connection)


def _column_faults(found: sqlalchemy.Inspector, table: sqlalchemy.Table) -> Iterator[str]:
    columns = {column["name"]: column for column in found.get_columns(table.name)}
    for column in table.columns:
        there = columns.get(column.name)
        if there is None:
            yield f"column {table.name}.{column.name} is missing"
        elif not _same_kind(column, there["type"], found.dialect):
            yield (
                f"column {table.name}.{column.name} is {there['type']}, "
                f"expected {column.type.compile(found.dialect)}"
            )
        elif column.nullable and not there["nullable"]:
            yield f"column {table.name}.{column.name} refuses NULL"


def _extra_column_faults(found: sqlalchemy.Inspector, table: sqlalchemy.Table) -> Iterator[str]:
    for column in found.get_columns(table.name):
        known = column["name"] in table.columns
        if not known and not column["nullable"] and column.get("default") is None:
            yield f"column {table.name}.{column['name']} is unknown and refuses NULL"


def _unique_faults(found: sqlalchemy.Inspector, table: sqlalchemy.Table) -> Iterator[str]:
    """Without these, two at once can make the same row twice."""
    there: set[frozenset[str | None]] = {
        frozenset(key["column_names"]) for key in found.get_unique_constraints(table.name)
    }
    there |= {
        frozenset(index["column_names"])
        for index in found.get_indexes(table.name)
        if index["unique"]
    }
    as_migrated = schema_tables.metadata_of(found.dialect.name).tables[table.name]
    for constraint in as_migrated.constraints:
        if isinstance(constraint, sqlalchemy.UniqueConstraint):
            names = [column.name for column in constraint.columns]
            if frozenset(names) not in there:
                yield f"table {table.name} has no unique constraint on {', '.join(names)}"


def _same_kind(
    column: sqlalchemy.Column[object],
    there: sqlalchemy.types.TypeEngine[object],
    dialect: sqlalchemy.Dialect,
) -> bool:
    expected = column.type.dialect_impl(dialect)
    if expected._type_affinity is None or there._type_affinity is None:
        return True
    kinds = {expected._type_affinity.__name__, there._type_affinity.__name__}
    # The servers report booleans as small integers, enumerations as strings, and so on.
    return len(kinds) == 1 or any(kinds <= group for group in _ALIKE)


_ALIKE = (
    {"Boolean", "Integer"},
    {"Enum", "String", "Text", "INET", "TypeEngine"},
    {"Float", "Numeric", "Double", "REAL"},
)


def _version_faults(connection: Connection) -> Iterator[str]:
    versions = connection.execute(
        sqlalchemy.select(tables.migrate_version.c.version).where(
            tables.migrate_version.c.repository_id == REPOSITORY["repository_id"]
        )
    ).scalars()
    version = next(iter(versions), None)
    if version is None:
        yield "migrate_version has no row for nova"
    elif version < tables.SCHEMA_VERSION:
        yield f"the schema version is {version}, expected {tables.SCHEMA_VERSION} or later"
