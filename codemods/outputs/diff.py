# SPDX-License-Identifier: Apache-2.0
"""One diff of a whole run, made by git, for git apply and patch -p1."""

import pathlib

from codemods.model import RunResult
from codemods.outputs.checkout import Places
from codemods.outputs.git import scratch
from codemods.outputs.history import LONG_AGO, Commit, History


def unified(result: RunResult, is_colored: bool = False) -> bytes:
    """The diff of all changes to the tree; raises `GitFailed`."""
    return _said(result, *(["--color=always"] if is_colored else []))


def stat(result: RunResult, is_colored: bool = False) -> bytes:
    """The diffstat of all changes to the tree; raises `GitFailed`."""
    words = ["--color=always"] if is_colored else []
    return _said(result, "--stat=79", "--summary", *words)


def _said(result: RunResult, *words: str) -> bytes:
    blobs = Places(pathlib.Path(result.root), result.changes, None).blobs(result.changes)
    if not blobs:
        return b""
    with scratch() as repository:
        commit = Commit("The run", "nobody <nobody@localhost>", LONG_AGO, tuple(blobs))
        return History(repository, [commit]).diff(*words)
