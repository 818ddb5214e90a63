# SPDX-License-Identifier: Apache-2.0
"""Where an attribute or a method may be read or set by name, without a dotted expression."""

import re
from collections.abc import Iterable, Mapping

from codemods.analysis.holders import Holders
from codemods.analysis.project import Class, Project

#: What sets attributes by their names.
SETTING = (b"__dict__", b"setattr(", b"vars(")

#: What reads, sets or restricts attributes by their names.
BY_NAME = (*SETTING, b"__slots__", b"attr(", b"attrgetter(")

#: What precedes the string with the name.
_READING = (
    rb"(?:\bgetattr\([^\n]*?,|\battrgetter\(|\b__getattribute__\("
    rb"|(?:\b__dict__|\bvars\([^()\n]*\))\s*(?:\[|\.\w+\())"
)

#: What reads attributes by names made at run time, with the literal prefix of these names.
_MADE = re.compile(
    rb"\b(?:getattr\(\s*self\s*,|__getattribute__\((?!\s*self\b)|__getattribute__\(\s*self\s*,)"
    rb"(?!\s*(['\"])\w*\1\s*[,)])\s*(?:['\"](\w*))?"
)

#: What reads all attributes of an object.
_ALL = re.compile(
    rb"(?:\bvars\(\s*self\s*\)|\bself\s*\.\s*__dict__\b)(?!\s*(?:\[|\.\w+\()\s*['\"])"
)

#: What sets attributes of anything but `self` by names made at run time.
_SETTING_OTHERS = re.compile(
    rb"\bsetattr\((?!\s*self\s*,)(?![^,\n]*,\s*(['\"])\w*\1\s*,)"
    rb"|\bvars\(\s*(?!self\b)\w|(?<!self)\.__dict__\b"
)


def reading_by_name(
    project: Project, holders: Holders, owner: str, name: str, words: Iterable[bytes]
) -> str:
    """The place, `path:line`, where an attribute of a class may be read by its name; or "".

    Every file that has to do with the class contains one of `words`.
    """
    quoted = re.compile(_READING + rb"\s*[^\n)\]]*['\".]%b['\".]" % re.escape(name).encode())
    for path in holders.naming(name.encode(), words):
        position = holders.first_in(path, quoted)
        if position is not None:
            return place_of(path, project.files[path], position)
    return reading_by_made_name(project, holders, owner, name, _ALL)


def reading_by_made_name(
    project: Project, holders: Holders, owner: str, name: str, *others: "re.Pattern[bytes]"
) -> str:
    """The place where the class itself may read an attribute by a name made at run time; or "".

    A place that matches one of the `others` counts, too.
    """
    for one in family(project, holders, owner):
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
            return place_of(source.path, data, found.start())
    return ""


def reads_by_made_name(text: bytes) -> bool:
    """Whether a text may read attributes of `self` by names made at run time, or all of them."""
    return _MADE.search(text) is not None or _ALL.search(text) is not None


def setting_by_made_name(project: Project, holders: Holders, owner: str, name: str) -> str:
    """The place where an attribute of a class may be set by a name made at run time; or "".

    Either the class itself does it, or the attribute is not set on `self`: in a file that
    mentions the class, or in any file if one that does has the name as a string or keyword.
    """
    for one in family(project, holders, owner):
        source = one.module.source
        start, end = source.span(one.node)
        for position in (source.text.find(word, start, end) for word in SETTING):
            if position >= 0:
                return place_of(source.path, source.text, position)
    said = re.compile(
        rb"(['\"])%b\1|^(?![ \t]*def\b)[^#\n]*(?<![\w.])%b=(?!=)" % ((name.encode(),) * 2), re.M
    )
    near = _speaking_of(holders, owner)
    is_said = any(holders.first_in(path, said) is not None for path in near)
    for path, position in holders.first_places(_SETTING_OTHERS, frozenset(SETTING)).items():
        if is_said or path in near:
            return place_of(path, project.files[path], position)
    return ""


def _speaking_of(holders: Holders, owner: str) -> Mapping[str, int]:
    """The files that name a class or a subclass of it, or import the module of either."""
    name, words = owner.rpartition(".")[2], holders.words(owner)
    names = {name, *(heir for _, heir in holders.heirs(name))}
    speaking = re.compile(
        rb"\b(?:%b)\b|^[ \t]*(?:from|import)\b[^\n]*\b(?:%b)\b"
        % ("|".join(sorted(names)).encode(), b"|".join(sorted(words))),
        re.M,
    )
    return holders.first_places(speaking, frozenset(words))


def family(project: Project, holders: Holders, owner: str) -> list[Class]:
    """The classes whose methods may have an instance of the class as `self`.

    These are the class, its bases, its subclasses and the other bases of these.
    """
    found = project.find_class(owner)
    if found is None:
        return []
    for path, _ in holders.heirs(found.name.rpartition(".")[2]):
        project.load(path)
    return project.family(found)


def place_of(path: str, data: bytes, position: int) -> str:
    """The place of a position in a file, as `path:line`."""
    line = data[:position].count(b"\n") + 1
    return f"{path}:{line}"
