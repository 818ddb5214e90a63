# SPDX-License-Identifier: Apache-2.0
"""Write one file, at once or not at all."""

import contextlib
import os
import pathlib
import tempfile


def write_whole(path: pathlib.Path, content: bytes) -> None:
    """Write a file in one step: whoever looks sees the old one or the new one.

    Raises OSError; the file is then as it was.
    """
    if path.exists() and not path.is_file():
        # a pipe or a terminal has no other way
        path.write_bytes(content)
        return
    real = pathlib.Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    os.close(handle)
    try:
        write_beside(real, pathlib.Path(name), content)
        os.replace(name, real)
    except BaseException:
        # an interrupt may come when the name is the file's already: it must not become an error
        pathlib.Path(name).unlink(missing_ok=True)
        raise


def write_beside(real: pathlib.Path, beside: pathlib.Path, content: bytes) -> None:
    """Write what is to take a file's place, with that file's mode; raises OSError."""
    # whoever made the tree may have put a link there
    beside.unlink(missing_ok=True)
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if real.exists():
        old = real.stat()
        with contextlib.suppress(PermissionError):
            os.chown(beside, old.st_uid, old.st_gid)
        # another owner costs a file its special bits, so the mode comes last
        os.chmod(beside, old.st_mode & 0o7777)
    else:
        os.chmod(beside, 0o644)
