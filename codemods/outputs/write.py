# SPDX-License-Identifier: Apache-2.0
"""Write one file, all of it or nothing."""

import contextlib
import os
import pathlib
import tempfile


def write_whole(path: pathlib.Path, content: bytes) -> None:
    """Write a file in one step: readers see either the old or the new content.

    Raises OSError; then the file is unchanged.
    """
    if path.exists() and not path.is_file():
        # a pipe or a terminal cannot be replaced
        path.write_bytes(content)
        return
    real = pathlib.Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    os.close(handle)
    try:
        write_beside(real, pathlib.Path(name), content)
        os.replace(name, real)
    except BaseException:
        # an interrupt may come after the rename, when the temporary file is already gone
        pathlib.Path(name).unlink(missing_ok=True)
        raise


def write_beside(real: pathlib.Path, beside: pathlib.Path, content: bytes) -> None:
    """Write the file that will replace another, with that one's mode; raises OSError."""
    # the tree may have a link there
    beside.unlink(missing_ok=True)
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if real.exists():
        old = real.stat()
        with contextlib.suppress(PermissionError):
            os.chown(beside, old.st_uid, old.st_gid)
        # chown clears the setuid and setgid bits, so the mode is set last
        os.chmod(beside, old.st_mode & 0o7777)
    else:
        os.chmod(beside, 0o644)
