# SPDX-License-Identifier: Apache-2.0
"""The files that inference starts with, found by searching their bytes."""

import re
from collections.abc import Mapping

from codemods.analysis.tree import folders, row_moving_names
from codemods.discovery import mentions

#: How a file gets the conductor's API: it makes one, in any spelling, or is given one under a
#: telling name. The conductor package has other things as well, which do not move rows.
HANDLE = re.compile(
    rb"conductor_api|\bconductor\.(?:api\.)?(?:API|LocalAPI)\b|import (?:API|LocalAPI)\b"
    rb"|\bconductor[ \t]+(?:as|import)\b|[(,=]\s*conductor\s*[,)=\n]"
)

#: Any of its methods may be looked up on it.
_BY_NAME = re.compile(rb"getattr\(\s*[\w.]*(?:[aA][pP][iI]|onductor)[\w.()]*\s*,")


def seeds(files: Mapping[str, bytes], package: str) -> list[str]:
    """The files, without unit tests, that may call the conductor for rows.

    A file that is given the API under any other name is loaded later, for the calls into it.
    """
    names = row_moving_names()
    own = folders(package, "conductor", "db", "objects", "tests")
    return [
        path
        for path, data in files.items()
        if not path.startswith(own)
        and b"conductor" in data
        and HANDLE.search(data)
        and (mentions(data, names) or _BY_NAME.search(data))
    ]


def suspicious(files: Mapping[str, bytes], package: str) -> list[str]:
    """The files that call a row-moving method on something with a name like the conductor's."""
    names = b"|".join(row_moving_names())
    gap = rb"[\s\\]*"
    pattern = re.compile(
        rb"\b_?(?:virtapi|conductor|conductor_api|capi)[\s\\)]*\.%b(?:%b)%b\(" % (gap, names, gap)
    )
    own = folders(package, "conductor", "db", "objects", "tests")
    return [
        path
        for path, data in files.items()
        if not path.startswith(own)
        and (b"conductor" in data or b"virtapi" in data or b"capi" in data)
        and pattern.search(data)
    ]


def commands(files: Mapping[str, bytes], package: str) -> list[str]:
    """The commands that may start a service."""
    return [
        path
        for path, data in files.items()
        if path.startswith(f"{package}/cmd/")
        and b"Service.create" in data
        and b"parse_args" in data
    ]
