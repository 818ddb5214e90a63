# SPDX-License-Identifier: Apache-2.0
"""The schema is nova 2014.2's, and the check tells when a database has another."""

import pathlib
import re
import sqlite3
import threading
from typing import Any

import pytest
import sqlalchemy

from shim.db import schema, session, tables


def described(path: pathlib.Path) -> dict[str, Any]:
    """What SQLite says of each table: columns in order, indexes, foreign keys, checks."""
    connection = sqlite3.connect(path)
    found = {}
    tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    for name, definition in tables.fetchall():
        columns = [
            (row[1], row[2], row[3], row[5])
            for row in connection.execute(f"PRAGMA table_info({name})")
        ]
        indexes = set()
        for row in connection.execute(f"PRAGMA index_list({name})").fetchall():
            on = tuple(r[2] for r in connection.execute(f'PRAGMA index_info("{row[1]}")'))
            indexes.add(("" if row[1].startswith("sqlite_auto") else row[1], row[2], on))
        keys = {
            (row[3], row[2], row[4])
            for row in connection.execute(f"PRAGMA foreign_key_list({name})")
        }
        checks = sorted(re.findall(r"(?:CONSTRAINT \S+ )?CHECK \(.*\)", definition))
        found[name] = (columns, indexes, keys, checks)
    connection.close()
    return found


def faults_of(url: str) -> list[str]:
    engine = sqlalchemy.create_engine(url)
    try:
        return schema.check(engine)
    finally:
        engine.dispose()


@pytest.fixture
def made(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "made.sqlite"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    schema.create(engine)
    engine.dispose()
    return path


def test_tables_are_those_of_novas_own_database(made: pathlib.Path, facts: pathlib.Path) -> None:
    novas, ours = described(facts / "nova.sqlite"), described(made)
    assert set(ours) == set(novas)
    assert len(ours) == 108
    for name, table in ours.items():
        assert table == novas[name], name


def test_a_database_of_novas_can_be_used(facts: pathlib.Path) -> None:
    assert faults_of(f"sqlite:///file:{facts / 'nova.sqlite'}?mode=ro&immutable=1&uri=true") == []


def test_one_that_was_made_can_be_used(made: pathlib.Path) -> None:
    assert faults_of(f"sqlite:///{made}") == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DROP TABLE migrations", "table migrations is missing"),
        ("ALTER TABLE compute_nodes DROP COLUMN stats", "column compute_nodes.stats is missing"),
        (
            "ALTER TABLE services ADD COLUMN uuid VARCHAR(36) NOT NULL DEFAULT 'x'",
            None,
        ),
        (
            "CREATE TABLE copy AS SELECT * FROM services; DROP TABLE services; "
            "ALTER TABLE copy RENAME TO services",
            "table services has no unique constraint on host, topic, deleted",
        ),
        ("UPDATE migrate_version SET version = 233", "the schema version is 233, expected 254"),
        ("DELETE FROM migrate_version", "migrate_version has no row for nova"),
    ],
)
def test_check_names_the_fault(made: pathlib.Path, statement: str, fault: str | None) -> None:
    connection = sqlite3.connect(made)
    connection.executescript(statement)
    connection.commit()
    connection.close()
    found = faults_of(f"sqlite:///{made}")
    assert [line.startswith(fault or "-") for line in found].count(True) == (fault is not None)
    assert bool(found) == (fault is not None)


def test_check_of_nothing(tmp_path: pathlib.Path) -> None:
    found = faults_of(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert len(found) == len(tables.metadata.tables)


def test_create_refuses_a_database_with_tables(made: pathlib.Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{made}")
    with pytest.raises(ValueError, match="has tables"):
        schema.create(engine)
    engine.dispose()


def test_many_threads_create_one_schema(tmp_path: pathlib.Path) -> None:
    created = []

    def make() -> None:
        database = session.Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
        created.append(schema.check(database.engine))
        database.dispose()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert created == [[]] * 8
