# SPDX-License-Identifier: Apache-2.0
"""The entry point of `codemods` and `python -m codemods`."""

import contextlib
import gc
import os
import sys
from typing import NoReturn

from codemods.cli import main


def command() -> NoReturn:
    """Run the command, and exit without freeing its objects one by one.

    The syntax trees of a nova tree are millions of objects. Freeing them takes a
    twentieth of the run; the system does it at once. They live as long as the run, so
    collecting garbage among them would take a fifth of the run and find nothing.
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
        # the reader of a pipe may be gone
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    command()
