# SPDX-License-Identifier: Apache-2.0
"""The command, as a process: `codemods`, and `python -m codemods`."""

import contextlib
import gc
import os
import sys
from typing import NoReturn

from codemods.cli import main


def command() -> NoReturn:
    """Run the command, and end the process without freeing what it holds piece by piece.

    The syntax trees of a nova tree are millions of objects: freeing them costs
    a twentieth of the run, and the system does it at once. They live as long as
    the run, so that looking for garbage among them finds none, for a fifth of it.
    """
    gc.disable()
    status = 0
    try:
        main(prog_name="codemods")
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        # whoever reads may have left
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    command()
