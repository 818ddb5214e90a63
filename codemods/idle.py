# SPDX-License-Identifier: Apache-2.0
"""Find the old code that loses its last use with a patch; it is reported and left alone.

The search is by bytes: as long as a name occurs anywhere in the program other than
where it is defined or set, it may be in use.
"""

import functools
import re
from collections.abc import Iterator, Mapping

from codemods.mappings import conductor_calls
from codemods.model import Change

_SET = re.compile(rb"\bself\.(\w+) = ")
_READ = re.compile(rb"\.(\w+)\b(?!\s*=[^=])")
#: The database API has functions of the same names.
_OF_DATABASE = re.compile(rb"\b(?:db|IMPL)\s*\.$")


def idle(
    changes: tuple[Change, ...],
    program: Mapping[str, bytes],
    last: Mapping[str, bytes],
    conductor: str,
) -> tuple[str, ...]:
    """The code that loses its last use with a patch and is still there after the last patch.

    `program` are the files without unit tests, with the patch applied; `last` the
    changed files with all patches applied; `conductor` is the path of the conductor's
    package.
    """
    changed = [one for one in changes if one.path in program and one.before is not None]
    callers = [data for path, data in program.items() if not path.startswith(conductor)]
    methods = [
        f"{name}()"
        for name in conductor_calls()
        if _loses_calls(name.encode(), changed)
        and not any(_calls(name.encode(), data) for data in callers)
    ]
    found = [f"the conductor's {', '.join(methods)}"] if methods else []
    return (*found, *_attributes(changed, program, last))


def _loses_calls(name: bytes, changed: list[Change]) -> bool:
    return any(_calls(name, one.before or b"") > _calls(name, one.after) for one in changed)


def _calls(name: bytes, data: bytes) -> int:
    """How often a method is used: on anything but the database API, or named in a string."""
    count, place = 0, data.find(name)
    while place >= 0:
        before = data[max(place - 200, 0) : place].rstrip(b" \t\r\n\\")
        end = place + len(name)
        if not data[end : end + 1].isalnum() and data[end : end + 1] != b"_":
            named = before.endswith((b"'", b'"'))
            called = before.endswith(b".") and _OF_DATABASE.search(before) is None
            count += named or called
        place = data.find(name, end)
    return count


def _attributes(
    changed: list[Change], program: Mapping[str, bytes], last: Mapping[str, bytes]
) -> Iterator[str]:
    """The attributes that are still set but no longer read."""
    is_read = functools.cache(lambda name: any(_reads(name, data) for data in program.values()))
    for change in changed:
        lost = set(_READ.findall(change.before or b"")) - set(_READ.findall(change.after))
        for name in sorted(lost & set(_SET.findall(last.get(change.path, change.after)))):
            if not is_read(name):
                yield f"self.{name.decode()} of {change.path}"


def _reads(name: bytes, data: bytes) -> bool:
    """Whether an attribute may be read: with a dot, or by name with getattr()."""
    if name not in data:
        return False
    by_name = rb"attr\([^()]*['\"]%s['\"]" % name
    return re.search(rb"\.%s\b(?!\s*=[^=])|%s" % (name, by_name), data) is not None
