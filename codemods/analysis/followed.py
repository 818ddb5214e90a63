# SPDX-License-Identifier: Apache-2.0
"""Follow the conductor's API to files where only the name of a method gives it away.

A file may call it without mentioning the conductor: it is passed the API under
another name, or a class elsewhere keeps it. So we read every file that looks up one
of the methods' names on something not known to be anything else, and every file that
may create the API and pass it on.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.api_names import is_getattr
from codemods.analysis.evaluator import Unit
from codemods.analysis.inference import Inference
from codemods.analysis.inference.following import MANY_FILES
from codemods.analysis.project import Module
from codemods.analysis.receivers import DATABASE, Receivers
from codemods.analysis.seeds import HANDLE
from codemods.analysis.tree import folders, row_moving_names
from codemods.caches import cached_for_run
from codemods.discovery import mentions
from codemods.mappings import conductor_calls

_NAMES = b"|".join(row_moving_names())
_LOOKED_UP = re.compile(rb"\.[\s\\]*(?:%b)\b" % _NAMES)
_LOOKED_UP_LATE = re.compile(rb"(?:getattr|caller|getter)\(.*['\".](?:%b)['\"]" % _NAMES)
_NO_WORD = re.compile(rb"\W")
_BLANKS = b" \t\r\n\f\v\\"

#: What virt drivers call the API that they are given.
VIRT = ("virtapi", "_virtapi")

#: What the methods' names begin with: two words each.
_BEGINNINGS = {b"_".join(name.split(b"_")[:2]) for name in row_moving_names()}

Lookup = ast.Attribute | ast.Call


def lookups(module: Module) -> Iterator[tuple[Lookup, ast.expr | None, str]]:
    """Where a method of the conductor is looked up: the place, the receiver and the name.

    A computed name is "". The receiver is None if it only comes later, as with
    `operator.methodcaller('service_get_all')`.
    """
    known = conductor_calls()
    for node in module.all(ast.Attribute):
        if node.attr in known and isinstance(node.ctx, ast.Load):
            yield node, node.value, node.attr
    for call in module.all(ast.Call):
        if is_getattr(call):
            key = call.args[1]
            if not isinstance(key, ast.Constant):
                yield call, call.args[0], ""
            elif key.value in known:
                yield call, call.args[0], str(key.value)
        elif _is_late(call) and isinstance(call.args[0], ast.Constant):
            name = str(call.args[0].value).rpartition(".")[2]
            if name in known:
                yield call, None, name


def _is_late(call: ast.Call) -> bool:
    """Whether a call makes a function that looks up a name."""
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    return name in ("methodcaller", "attrgetter") and bool(call.args)


def is_of_drivers(node: Lookup) -> bool:
    """Whether a lookup is on a name that virt drivers use for the API that they are given."""
    base = node.value if isinstance(node, ast.Attribute) else None
    last = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return last in VIRT


def open_lookups(module: Module, receivers: Receivers) -> Iterator[tuple[Lookup, str]]:
    """The lookups in a file that may be on the conductor's API and were not followed."""
    for node, base, name in lookups(module):
        if receivers.is_followed(node, base):
            continue
        if not name:
            if base is not None and receivers.is_api(base):
                yield node, name
        elif base is None or not receivers.is_other(base, name, module):
            yield node, name


def with_handles(inference: Inference) -> Inference:
    """The inference, extended to the files that may use the API under some other name."""
    known = len(inference.project.modules)
    _follow(inference)
    is_more = len(inference.project.modules) > known
    return inference.again() if is_more or inference.is_late else inference


def _follow(inference: Inference) -> None:
    looking = {path: names for path, data in _code(inference) if (names := _looked_up_on(data))}
    while True:
        receivers = Receivers(inference)
        opened = dict(_open_places(looking, receivers))
        inference.list_files(path for path, nodes in opened.items() if nodes)
        before = len(inference.project.modules)
        for path in _unread(inference, opened, receivers):
            inference.project.load(path, "may get the conductor under another name")
        is_new = len(inference.project.modules) > before
        for name in _takers(inference, looking):
            is_new |= inference.look_at(f"{name}(".encode())
        for path, nodes in opened.items():
            module = inference.project.modules.get(path)
            for node in nodes if module is not None else ():
                assert module is not None
                start = module.source.start(node)
                is_new |= inference.wake(Unit(module, module.function_at(start)))
        if not is_new:
            return
        inference.run()


def _open_places(
    looking: Mapping[str, frozenset[str]], receivers: Receivers
) -> Iterator[tuple[str, list[Lookup]]]:
    """The places where each file looks up what may be a method of the API."""
    for path, names in looking.items():
        if any(name not in DATABASE or name in receivers.handles for name in names):
            module = receivers.module(path)
            if module is not None:
                yield path, [node for node, _ in open_lookups(module, receivers)]


@cached_for_run
def _looked_up_on(data: bytes) -> frozenset[str]:
    """The words that a file looks the methods' names up on; "" for other receivers."""
    names: set[str] = set()
    if any(beginning in data for beginning in _BEGINNINGS):
        names = {_word_before(data, match.start()) for match in _LOOKED_UP.finditer(data)}
    if _LOOKED_UP_LATE.search(data) or (b"getattr(" in data and HANDLE.search(data)):
        names.add("")
    return frozenset(names)


def _word_before(data: bytes, place: int) -> str:
    """The word before an offset, white space skipped; "" if there is none."""
    before = data[max(place - 200, 0) : place].rstrip(_BLANKS)
    return _NO_WORD.split(before)[-1].decode()


def _code(inference: Inference) -> Iterator[tuple[str, bytes]]:
    """The files of the code, without the conductor, the database, objects and unit tests."""
    package = inference.tree.package
    own = folders(package, "conductor", "db", "objects", "tests")
    for path, data in sorted(inference.project.files.items()):
        if not path.startswith(own) and path != f"{package}/test.py":
            yield path, data


def _unread(
    inference: Inference, opened: Mapping[str, list[Lookup]], receivers: Receivers
) -> list[str]:
    """The files to read: those that may use the API, create it, or set what holds it."""
    # what drivers are given is known: files that create the API add nothing to it
    is_open = any(not is_of_drivers(node) for nodes in opened.values() for node in nodes)
    keeping, called = _kept_names(inference), _taking_calls(inference, opened)
    stored = re.compile(rb"(?m)(?:\.|^[ \t]+)(%b)\s*=[^=]" % b"|".join(keeping))
    kept_names = tuple(keeping)
    paths = [path for path, nodes in opened.items() if nodes]
    for path, data in _code(inference):
        if path in inference.project.modules or path in paths:
            continue
        if (is_open and HANDLE.search(data)) or (called and called.search(data)):
            paths.append(path)
        elif mentions(data, kept_names):
            names = {match[1] for match in stored.finditer(data)}
            kept = {owner for name in names for owner in keeping[name]}
            if kept and receivers.may_set(path, data, {one.decode() for one in names}, kept):
                paths.append(path)
    return paths


def _kept_names(inference: Inference) -> dict[bytes, set[str]]:
    """The names of the attributes that hold the API, or a method of it, with their classes."""
    found: dict[bytes, set[str]] = {}
    for (kind, owner, name), values in inference.slots.items():
        if kind == "attr" and any(value.kind in ("handle", "method") for value in values):
            found.setdefault(name.encode(), set()).add(owner)
    return found


def _takers(inference: Inference, looking: Collection[str]) -> list[str]:
    """The functions and classes that take the API as an argument, in files that may call it."""
    names = set()
    for (kind, owner, _), values in inference.slots.items():
        if kind == "param" and any(value.kind == "handle" for value in values):
            function = inference.function(owner)
            if function is not None and function.module.source.path in looking:
                *_, above, name = owner.split(".")
                names.add(above if name == "__init__" else name)
    return sorted(names)


def _taking_calls(inference: Inference, looking: Collection[str]) -> re.Pattern[bytes] | None:
    """A pattern for calls of those, unless the name is too common; None if there are none.

    A caller may pass something other than the API.
    """
    words = [
        rb"\b%b\(" % name.encode()
        for name in _takers(inference, looking)
        if sum(f"{name}(".encode() in data for _, data in _code(inference)) <= MANY_FILES
    ]
    return re.compile(b"|".join(words)) if words else None
