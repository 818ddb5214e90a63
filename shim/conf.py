# SPDX-License-Identifier: Apache-2.0
"""The options, under the names that nova 2014.2 gives them.

``CONF`` is oslo.config's own, as in nova: oslo.messaging registers some of its options nowhere
else. Who uses the shim without ``configure`` has what the environment and the default files say
(``shim.conf`` in ``~/.shim``, ``~``, ``/etc/shim`` or ``/etc``), and from then on that holds.
"""

import os
import pathlib
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import oslo_messaging
from oslo_config import cfg
from oslo_db import options as db_options
from oslo_log import log

CONF = cfg.CONF


def _state_path() -> pathlib.Path:
    if os.environ.get("XDG_STATE_HOME"):
        return pathlib.Path(os.environ["XDG_STATE_HOME"], "shim")
    try:
        return pathlib.Path.home() / ".local" / "state" / "shim"
    except RuntimeError:
        # A user whom the machine does not know, as in a container.
        return pathlib.Path("/var/lib/shim")


#: Where the database lies when nobody says otherwise.
STATE_PATH = _state_path()

_PASSWORD = re.compile(r"(//[^:/@\s]*):\S*@")

#: The bus that reaches no further than this process.
IN_PROCESS = "fake:/"

_DEFAULT_OPTS = [
    cfg.StrOpt("host", default=os.uname().nodename, help="The name of this host on the bus."),
    cfg.StrOpt("compute_topic", default="compute", help="The topic compute nodes listen on."),
    cfg.StrOpt(
        "instance_name_template",
        default="instance-%08x",
        help="What the name of an instance is made of: its id, or its fields by name.",
    ),
    cfg.BoolOpt("enable_new_services", default=True, help="Whether a new service is enabled."),
]
_CONDUCTOR_OPTS = [
    cfg.BoolOpt(
        "use_local",
        default=True,
        help="Use the database from this process; otherwise ask a conductor on the bus.",
    ),
    cfg.StrOpt("topic", default="conductor", help="The topic conductors listen on."),
    cfg.IntOpt(
        "workers",
        min=1,
        help="How many processes a conductor serves from, by default one a processor; each serves "
        "executor_thread_pool_size calls at once.",
    ),
    cfg.IntOpt(
        "shutdown_timeout",
        min=1,
        default=10,
        help="How many seconds a conductor that is told to end gives the calls under way.",
    ),
    cfg.IntOpt(
        "check_interval",
        min=1,
        default=5,
        help="How many seconds pass between two looks at the database and the broker.",
    ),
    cfg.StrOpt(
        "status_path",
        default=str(STATE_PATH / "conductors"),
        help="Where each process of a conductor says how it is, for `shim conductor status`.",
    ),
    cfg.StrOpt("http_host", default="127.0.0.1", help="The address of /health and /metrics."),
    cfg.PortOpt("http_port", default=0, help="The port of /health and /metrics; 0 for neither."),
    cfg.IntOpt(
        "max_message_size",
        min=1024,
        default=64 * 1024 * 1024,
        help="The largest arguments of a call, in bytes of JSON, that a conductor accepts.",
    ),
]
_DATABASE_OPTS = [
    cfg.IntOpt(
        "call_timeout",
        min=1,
        default=30,
        help="How many seconds a call waits for the database in all, before its caller is told "
        "that it does not serve; less than rpc_response_timeout, or callers are gone by then.",
    ),
]
_UPGRADE_OPTS = [
    cfg.StrOpt(
        "compute",
        help="The oldest release among the compute nodes and schedulers: no column gets a form "
        "that it cannot read.",
    ),
    cfg.StrOpt(
        "conductor",
        help="The oldest release among the conductors: no newer call is made, no newer object "
        "sent to them.",
    ),
]


_OPTS: dict[str | None, Sequence[cfg.Opt]] = {
    None: _DEFAULT_OPTS,
    "conductor": _CONDUCTOR_OPTS,
    "upgrade_levels": _UPGRADE_OPTS,
    "database": [*db_options.database_opts, *_DATABASE_OPTS],
}


class InUse(cfg.Error):  # type: ignore[misc,unused-ignore]
    """Options that are in use already would change."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"too late: {', '.join(names)} would change, and is in use already")


class _State:
    in_use = False
    call: tuple[Sequence[str], Sequence[str] | None] | None = None
    lock = threading.RLock()


def _register() -> None:
    for group, opts in _OPTS.items():
        CONF.register_opts(opts, group=group)
    CONF.set_default("connection", f"sqlite:///{STATE_PATH / 'nova.sqlite'}", group="database")
    log.register_options(CONF)
    oslo_messaging.set_transport_defaults(control_exchange="nova")
    # Registers the library's own options, so that the default can be the bus in this process.
    oslo_messaging.TransportURL.parse(CONF, IN_PROCESS)
    CONF.set_default("transport_url", IN_PROCESS)


def configure(args: Sequence[str] = (), config_files: Sequence[str] | None = None) -> None:
    """Read the options from files, the environment (OS_<GROUP>__<OPTION>) and arguments.

    None for the files are the default ones. Raises InUse when something is in use already that
    would change, and then changes nothing; oslo_config.cfg.ConfigFilesNotFoundError,
    ConfigFileParseError or ConfigFileValueError.
    """
    with _State.lock:
        if not _State.in_use:
            _read(args, config_files)
            return
        before, call = dict(_values()), _State.call
        _read(args, config_files)
        changed = [name for name, value in _values() if before[name] != value]
        if changed:
            _read(*(call or ((), None)))
            raise InUse(changed)


def without_password(text: str) -> str:
    """The text with the passwords of its URLs hidden."""
    return _PASSWORD.sub(r"\1:***@", text)


def use() -> None:
    """What is configured is used from now on: the defaults, if nobody configured anything."""
    if _State.in_use:
        return
    with _State.lock:
        # A program that shares oslo.config's own may have read its files with it.
        if _State.call is None and CONF._args is None:
            _read((), None)
        _State.in_use = True


def _read(args: Sequence[str], config_files: Sequence[str] | None) -> None:
    files = None if config_files is None else list(config_files)
    CONF(list(args), project="shim", default_config_files=files)
    # A value that is none is found out when it is first read.
    list(_values())
    _State.call = (args, config_files)


def _values() -> Iterator[tuple[str, Any]]:
    for group, opts in _OPTS.items():
        for opt in opts:
            there = CONF if group is None else CONF[group]
            yield f"[{group or 'DEFAULT'}] {opt.dest}", there[opt.dest]
    for name in ("transport_url", "rpc_response_timeout"):
        if name in CONF:
            yield f"[DEFAULT] {name}", CONF[name]


_register()
