# SPDX-License-Identifier: Apache-2.0
"""What the shim stands on, which an install without the extra `shim` does not bring."""

import importlib.util

#: The modules of what the extra installs.
MODULES = (
    "cotyledon",
    "netaddr",
    "oslo_config",
    "oslo_context",
    "oslo_db",
    "oslo_log",
    "oslo_messaging",
    "oslo_service",
    "oslo_utils",
    "oslo_versionedobjects",
    "prometheus_client",
    "regex",
    "sqlalchemy",
)


def require() -> None:
    """Raise `ImportError` with the command that installs what is missing, if something is."""
    missing = [name for name in MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f"the shim needs {', '.join(missing)}: pip install 'nova-objects-codemods[shim]'",
            name="shim",
        )
