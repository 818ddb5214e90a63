# SPDX-License-Identifier: Apache-2.0
"""What of the old code nobody uses any more once a patch is applied; it is left alone.

It is known by its bytes: as long as a name stands anywhere in the program but
where it is defined, or set, it may be used there.
"""

import functools
import re
from collections.abc import Iterator, Mapping

from codemods.mappings import conductor_calls
from codemods.model import Change

_SET = re.compile(rb"\bself\.(\w+) = ")
_READ = re.compile(rb"\.(\w+)\b(?!\s*=[^=])")
#: The database's API has functions of the same names.
_OF_DATABASE = re.compile(rb"\b(?:db|IMPL)\s*\.$")


def idle(
    changes: tuple[Change, ...],
    program: Mapping[str, bytes],
    last: Mapping[str, bytes],
    conductor: str,
) -> tuple[str, ...]:
    """What loses its last use with the changes of a patch, and is there after the last.

    `program` are the files of the program, no unit tests, once the patch is
    applied, `last` those that change once all are; `conductor` is the path of
    the conductor's package.
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
    """How often a method is named, on anything but the database's API, or by its name."""
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
    """The attributes that are still set and that nobody reads."""
    is_read = functools.cache(lambda name: any(_reads(name, data) for data in program.values()))
    for change in changed:
        lost = set(_READ.findall(change.before or b"")) - set(_READ.findall(change.after))
        for name in sorted(lost & set(_SET.findall(last.get(change.path, change.after)))):
            if not is_read(name):
                yield f"self.{name.decode()} of {change.path}"


def _reads(name: bytes, data: bytes) -> bool:
    """Whether an attribute may be read: by a dot, or by its name."""
    if name not in data:
        return False
    by_name = rb"attr\([^()]*['\"]%s['\"]" % name
    return re.search(rb"\.%s\b(?!\s*=[^=])|%s" % (name, by_name), data) is not None
