# SPDX-License-Identifier: Apache-2.0
"""The command `shim`, as a process; what the shim stands on need not be installed."""

import importlib
import sys


def command() -> None:
    """Run the command, or say in one line what to install for it.

    It stands outside of the shim, which cannot be imported then.
    """
    try:
        cli = importlib.import_module("shim.cli")
    except ImportError as error:
        if error.name != "shim":
            raise
        sys.exit(f"Error: {error}")
    cli.main()
