"""The command line: ``shim db init``, ``shim db check URL``, ``shim conductor``."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator

import click
import oslo_config.cfg
import sqlalchemy
from oslo_log import log

from shim import conf
from shim.conf import CONF
from shim.db import schema


def _url(given: str | None) -> sqlalchemy.URL:
    try:
        return sqlalchemy.make_url(given or CONF.database.connection)
    except sqlalchemy.exc.ArgumentError as error:
        raise click.UsageError(str(error)) from error


@contextlib.contextmanager
def _engine(url: sqlalchemy.URL) -> Iterator[sqlalchemy.Engine]:
    try:
        engine = sqlalchemy.create_engine(url)
    except (sqlalchemy.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise click.UsageError(f"{url}: {error}") from error
    try:
        yield engine
    finally:
        engine.dispose()


def _configure(_context: click.Context, _parameter: click.Parameter, files: tuple[str]) -> None:
    try:
        conf.configure(config_files=files)
    except oslo_config.cfg.Error as error:
        raise click.UsageError(str(error)) from error


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
def main() -> None:
    """Nova's compute objects: their database and their conductor."""


@main.group()
def db() -> None:
    """Create or check a database."""


@db.command()
@click.argument("url", required=False)
@_config_file
def init(url: str | None) -> None:
    """Create nova 2014.2's tables in the empty database at URL, by default the configured one."""
    target = _url(url)
    try:
        if target.get_backend_name() == "sqlite":
            schema.make_folder(target)
        with _engine(target) as engine:
            schema.create(engine)
    except sqlalchemy.exc.DBAPIError as error:
        raise click.ClickException(f"{target}: {error.orig}") from error
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{target}: {error}") from error
    click.echo(f"{target}: created")


@db.command()
@click.argument("url", required=False)
@_config_file
def check(url: str | None) -> None:
    """Say whether the database at URL can be used; exit code 1 and what is off when not."""
    target = _url(url)
    if target.get_backend_name() == "sqlite" and not schema.exists(target):
        raise click.ClickException(f"{target}: there is no such file")
    with _engine(target) as engine:
        faults = schema.check(engine)
    for fault in faults:
        click.echo(f"{target}: {fault}")
    if faults:
        sys.exit(1)
    click.echo(f"{target}: can be used")


@main.command()
@_config_file
def conductor() -> None:
    """Serve objects and dict calls on the bus until SIGTERM; calls under way are finished."""
    from shim.conductor import server

    log.setup(CONF, "shim")
    logging.getLogger("shim").setLevel(logging.INFO)
    server.serve()
