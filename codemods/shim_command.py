# SPDX-License-Identifier: Apache-2.0
"""The entry point of `shim`, which works even if the shim's requirements are missing."""

import importlib
import sys


def command() -> None:
    """Run the command, or say in one line what to install for it.

    It is not part of the shim, which cannot be imported without its requirements.
    """
    try:
        cli = importlib.import_module("shim.cli")
    except ImportError as error:
        if error.name != "shim":
            raise
        sys.exit(f"Error: {error}")
    cli.main()
