# SPDX-License-Identifier: Apache-2.0
"""The command line: ``shim db init``, ``shim db check URL``, ``shim conductor [status]``."""

from __future__ import annotations

import contextlib
import logging
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import click
import oslo_config.cfg
import oslo_messaging
import sqlalchemy
from oslo_log import log

from shim import conf, pins
from shim.conf import CONF
from shim.db import schema
from shim.outcome import NotYet, Outcome

R = TypeVar("R")

#: How oslo.config writes a file into its messages.
_LOCATION = re.compile(r"LocationInfo\(location=<[^>]*>, detail='([^']*)'\)")


class Failed(click.ClickException):
    """It could not be done: on one line, which gives no password away."""

    def format_message(self) -> str:
        return conf.without_password(" ".join(self.message.split()))


class Refused(Failed):
    """What was asked for cannot be, whatever answers."""

    exit_code = 2


def _url(given: str | None) -> sqlalchemy.URL:
    try:
        return sqlalchemy.make_url(given or CONF.database.connection)
    except sqlalchemy.exc.ArgumentError as error:
        raise Refused(str(error)) from error
    except ValueError as error:
        # The port, of which SQLAlchemy says neither that nor where.
        raise Refused(f"the URL of the database: {error}") from error


@contextlib.contextmanager
def _engine(url: sqlalchemy.URL) -> Iterator[sqlalchemy.Engine]:
    try:
        engine = sqlalchemy.create_engine(url)
    except (sqlalchemy.exc.ArgumentError, ModuleNotFoundError) as error:
        raise Refused(f"{url}: {error}") from error
    try:
        yield engine
    except TypeError as error:
        # What a driver says of an option in the URL that it does not know.
        raise Refused(f"{url}: {error}") from error
    finally:
        engine.dispose()


def _on(url: sqlalchemy.URL, work: Callable[[sqlalchemy.Engine], R]) -> R:
    """What the work comes to on the database there, which has as long as a call for each answer."""
    answered = threading.Event()

    def run() -> R:
        with _engine(url) as engine:
            listen = sqlalchemy.event.listen
            listen(engine, "after_cursor_execute", lambda *_: answered.set())
            return work(engine)

    outcome, seconds = Outcome(run), CONF.database.call_timeout
    while True:
        try:
            result: R = outcome.get(seconds)
            return result
        except NotYet:
            if not answered.is_set():
                raise Failed(
                    f"{url}: no answer for {seconds} s ([database] call_timeout)"
                ) from None
            answered.clear()


def _configure(
    _context: click.Context, _parameter: click.Parameter, files: tuple[str, ...]
) -> None:
    try:
        conf.configure(config_files=files or None)
    except oslo_config.cfg.Error as error:
        raise Refused(_LOCATION.sub(r"\1", str(error))) from error


_config_file = click.option(
    "--config-file",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    callback=_configure,
    expose_value=False,
    is_eager=True,
    help="A file with nova's options; may be given several times.",
)


@click.group()
@click.version_option(package_name="nova-objects-codemods", prog_name="shim")
def main() -> None:
    """Nova's compute objects: their database and their conductor."""


@main.group()
def db() -> None:
    """Create or check a database."""


@db.command()
@click.argument("url", required=False)
@_config_file
def init(url: str | None) -> None:
    """Create nova 2014.2's tables in the empty database at URL, by default the configured one.

    Exit status 1 when they cannot be created there, 2 for wrong usage.
    """
    target = _url(url)
    try:
        if target.get_backend_name() == "sqlite":
            schema.make_folder(target)
        _on(target, schema.create)
    except sqlalchemy.exc.DBAPIError as error:
        raise Failed(f"{target}: {error.orig}") from error
    except (ValueError, OSError, sqlite3.Error) as error:
        raise Failed(f"{target}: {error}") from error
    click.echo(f"{target}: created")


@db.command()
@click.argument("url", required=False)
@_config_file
def check(url: str | None) -> None:
    """Say whether the database at URL can be used.

    Exit status 1 and what is off when it cannot; also when it gives no answer for `[database]
    call_timeout` seconds. 2 for wrong usage.
    """
    target = _url(url)
    if target.get_backend_name() == "sqlite" and not schema.exists(target):
        raise Failed(f"{target}: there is no such file")
    try:
        faults = _on(target, schema.check)
    except ValueError as error:
        raise Refused(f"{target}: {error}") from error
    for fault in faults:
        # What a driver says may be several lines.
        click.echo(f"{target}: {' '.join(fault.split())}")
    if faults:
        sys.exit(1)
    click.echo(f"{target}: can be used")


@main.group(invoke_without_command=True)
@click.pass_context
@_config_file
def conductor(command: click.Context) -> None:
    """Serve objects and dict calls on the bus until SIGTERM; calls under way are finished."""
    if command.invoked_subcommand is not None:
        return
    from shim.conductor import process

    _check_options()
    try:
        log.setup(CONF, "shim")
    except (OSError, log.LogConfigError) as error:
        raise Refused(f"the log: {error}") from error
    logging.getLogger("shim").setLevel(logging.INFO)
    # What they say of errors of the database, with all that the driver says, the shim says too.
    for name in ("oslo_db.sqlalchemy.exc_filters", "sqlalchemy.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    process.serve()


def _check_options() -> None:
    """Refuse what would only be found out when the first call comes."""
    from shim.conductor import bus, server

    _url(None)
    server.register_thread_pool_size()
    if CONF.executor_thread_pool_size < 1:
        raise Refused(f"executor_thread_pool_size = {CONF.executor_thread_pool_size}: at least 1")
    try:
        for service in ("compute", "conductor"):
            pins.versions_of(service)
    except ValueError as error:
        raise Refused(str(error)) from error
    # It says on a line of its own what the error says too.
    logging.getLogger("stevedore").setLevel(logging.CRITICAL)
    try:
        bus.transport()
    except (ValueError, oslo_messaging.MessagingException) as error:
        raise Refused(f"transport_url: {error}") from error


@conductor.command()
@_config_file
def status() -> None:
    """Say how each process of the conductors on this machine is; exit code 1 unless all serve."""
    from shim.conductor import status

    found = list(status.of_all())
    for one in found:
        click.echo(str(one))
    if not found:
        click.echo(f"no conductor says anything in {CONF.conductor.status_path}")
    if not found or not all(one.is_serving for one in found):
        sys.exit(1)
