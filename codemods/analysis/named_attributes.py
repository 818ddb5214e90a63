# SPDX-License-Identifier: Apache-2.0
"""Where an attribute, a method too, may be read by its name: no dotted reading tells of it."""

import re
from collections.abc import Iterable

from codemods.analysis.holders import Holders
from codemods.analysis.project import Class, Project

#: What stands before the text that is the name.
_READING = (
    rb"(?:\bgetattr\([^\n]*?,|\battrgetter\(|\b__getattribute__\("
    rb"|(?:\b__dict__|\bvars\([^()\n]*\))\s*(?:\[|\.\w+\())"
)

#: What reads attributes of an object by names that are made at run time, and how those begin.
_MADE = re.compile(
    rb"\b(?:getattr\(\s*self\s*,|__getattribute__\((?!\s*self\b)|__getattribute__\(\s*self\s*,)"
    rb"(?!\s*(['\"])\w*\1\s*[,)])\s*(?:['\"](\w*))?"
)

#: What reads all attributes of an object.
_ALL = re.compile(
    rb"(?:\bvars\(\s*self\s*\)|\bself\s*\.\s*__dict__\b)(?!\s*(?:\[|\.\w+\()\s*['\"])"
)


def reading_by_name(
    project: Project, holders: Holders, owner: str, name: str, words: Iterable[bytes]
) -> str:
    """The place, `path:line`, at which an attribute of a class may be read by its name; or "".

    `words` are those of which a file names one that has to do with the class.
    """
    quoted = re.compile(_READING + rb"\s*[^\n)\]]*['\".]%b['\".]" % re.escape(name).encode())
    for path in holders.naming(name.encode(), words):
        found = quoted.search(project.files[path])
        if found is not None:
            return _place(path, project.files[path], found.start())
    return reading_by_made_name(project, holders, owner, name, _ALL)


def reading_by_made_name(
    project: Project, holders: Holders, owner: str, name: str, *others: "re.Pattern[bytes]"
) -> str:
    """The place at which the class itself may read an attribute by a name made at run time; or "".

    Also one that matches one of the `others`.
    """
    for one in _family(project, holders, owner):
        source = one.module.source
        start, end = source.span(one.node)
        data = source.text
        made = (
            found
            for found in _MADE.finditer(data, start, end)
            if name.encode().startswith(found[2] or b"")
        )
        rest = (one for pattern in others for one in pattern.finditer(data, start, end))
        for found in (*made, *rest):
            return _place(source.path, data, found.start())
    return ""


def _family(project: Project, holders: Holders, owner: str) -> list[Class]:
    """The classes whose methods may have an instance of the class for `self`."""
    found = project.find_class(owner)
    if found is None:
        return []
    for path, _ in holders.heirs(found.name.rpartition(".")[2]):
        project.load(path)
    return [*project.ancestry(found), *project.descendants(found)]


def _place(path: str, data: bytes, position: int) -> str:
    line = data[:position].count(b"\n") + 1
    return f"{path}:{line}"
