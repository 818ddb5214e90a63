"""The options, under the names that nova 2014.2 gives them.

``CONF`` is oslo.config's own, as in nova: oslo.messaging registers some of its options nowhere
else. Before ``configure`` is called every option has its default.
"""

import os
import pathlib
from collections.abc import Sequence

import oslo_messaging
from oslo_config import cfg
from oslo_db import options as db_options
from oslo_log import log

CONF = cfg.CONF

#: Where the database lies when nobody says otherwise.
STATE_PATH = pathlib.Path(
    os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local" / "state", "shim"
)

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
    cfg.IntOpt("workers", min=1, default=8, help="How many calls a conductor serves at once."),
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


def _register() -> None:
    CONF.register_opts(_DEFAULT_OPTS)
    CONF.register_opts(_CONDUCTOR_OPTS, group="conductor")
    CONF.register_opts(_UPGRADE_OPTS, group="upgrade_levels")
    CONF.register_opts(db_options.database_opts, group="database")
    CONF.register_opts(_DATABASE_OPTS, group="database")
    CONF.set_default("connection", f"sqlite:///{STATE_PATH / 'nova.sqlite'}", group="database")
    log.register_options(CONF)
    oslo_messaging.set_transport_defaults(control_exchange="nova")
    # Registers the library's own options, so that the default can be the bus in this process.
    oslo_messaging.TransportURL.parse(CONF, IN_PROCESS)
    CONF.set_default("transport_url", IN_PROCESS)


def configure(args: Sequence[str] = (), config_files: Sequence[str] | None = None) -> None:
    """Read the options from files, the environment (OS_<GROUP>__<OPTION>) and arguments.

    Raises oslo_config.cfg.ConfigFilesNotFoundError, ConfigFileParseError or ConfigFileValueError.
    """
    CONF(list(args), project="shim", default_config_files=list(config_files or ()))


_register()
