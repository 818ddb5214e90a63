# SPDX-License-Identifier: Apache-2.0
"""Run a program as it is and rewritten, on the same rows, and hold one against the other."""

import dataclasses
import datetime
import importlib
import pathlib
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import rows

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from shim import context, exception
from shim.db import session

#: The package around a program.
AROUND = {
    "nova/__init__.py": "",
    "nova/compute/__init__.py": "",
    "nova/conductor/__init__.py": (
        "from nova import exception\n"
        "from shim import exception as shim_exception\n"
        "from shim.conductor import API\n"
        "\n"
        "__all__ = ['API']\n"
        "\n"
        "shim_exception.adopt(vars(exception))\n"
    ),
    "nova/context.py": (
        "from shim.context import RequestContext, get_admin_context\n"
        "\n"
        "__all__ = ['RequestContext', 'get_admin_context']\n"
    ),
    "nova/exception.py": (
        "class NovaException(Exception):\n    pass\n\n\n"
        "class NotFound(NovaException):\n    pass\n\n\n"
        "class ServiceNotFound(NotFound):\n    pass\n\n\n"
        "class ComputeHostNotFound(NotFound):\n    pass\n\n\n"
        "class HostBinaryNotFound(NotFound):\n    pass\n\n\n"
        "class InstanceNotFound(NotFound):\n    pass\n"
    ),
}


@dataclasses.dataclass(frozen=True)
class Program:
    """Some files, and what is called of them: (module, class, method), one after the other.

    A class is made with no arguments, once; a method takes a context and a list, to which it
    appends what it has to say.
    """

    files: Mapping[str, str]
    calls: tuple[tuple[str, str, str], ...]

    @property
    def text(self) -> str:
        """The files as one text."""
        return "".join(f"# {path}\n{text}\n" for path, text in sorted(self.files.items()))


@dataclasses.dataclass(frozen=True)
class Raised:
    """An exception that ended a call; what it says is for the reader."""

    name: str
    message: str = dataclasses.field(compare=False)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a program said in each of its calls, and the rows that it left."""

    said: tuple[tuple[Any, ...], ...]
    rows: Mapping[str, Any]

    @property
    def errors(self) -> list[Raised]:
        """What ended calls before their time."""
        return [one for said in self.said for one in said if isinstance(one, Raised)]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """A program before and after its rewrite."""

    program: Program
    rewritten: Program
    result: RunResult
    before: Outcome
    after: Outcome

    @property
    def is_rewritten(self) -> bool:
        """Whether any call of the program became one of an object."""
        return self.rewritten.files != self.program.files

    @property
    def agrees(self) -> bool:
        """Whether both say the same and leave the same rows, and no file was refused."""
        return self.before == self.after and not self.result.failures

    @property
    def report(self) -> str:
        """Both programs, and where they differ."""
        left = [f"{one.path}:{one.line} {one.code}" for one in self.result.declined]
        parts = ["the program:", self.program.text]
        parts += [
            "rewritten:",
            self.rewritten.text,
            "left:",
            *left,
            *map(str, self.result.failures),
        ]
        for name, before, after in self._pairs():
            if before != after:
                parts += [f"{name}:", f"  before {before}", f"  after  {after}"]
        return "\n".join(parts)

    def _pairs(self) -> Iterator[tuple[str, Any, Any]]:
        calls = [".".join(call) for call in self.program.calls]
        yield from zip(calls, self.before.said, self.after.said, strict=True)
        for table, before in self.before.rows.items():
            for number, (one, other) in enumerate(_side_by_side(before, self.after.rows[table])):
                names = [n for n in {**one, **other} if one.get(n) != other.get(n)]
                yield (
                    f"{table} {number}",
                    {n: one.get(n) for n in names},
                    {n: other.get(n) for n in names},
                )


def _side_by_side(before: list[Any], after: list[Any]) -> list[tuple[Any, Any]]:
    longest = max(len(before), len(after))
    return list(
        zip(
            before + [{}] * (longest - len(before)),
            after + [{}] * (longest - len(after)),
            strict=True,
        )
    )


class Runner:
    """Compares programs; `folder` is empty and its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._count = 0
        self._rows = folder / "rows.sqlite"
        rows.make(self._rows)

    def compare(self, program: Program) -> Comparison:
        """The program rewritten, and what both say."""
        root = self._put(program)
        result = run(Config(root, target="shim"))
        changed = {one.path: one.after.decode() for one in result.changes}
        files = {path: changed.get(path, text) for path, text in program.files.items()}
        rewritten = dataclasses.replace(program, files=files)
        after = self._put(program, changed)
        try:
            outcomes = (self._outcome(root, program), self._outcome(after, program))
            return Comparison(program, rewritten, result, *outcomes)
        finally:
            shutil.rmtree(root)
            shutil.rmtree(after)

    def _put(self, program: Program, changed: Mapping[str, str] | None = None) -> pathlib.Path:
        # a folder of its own: what is imported from a path is found again by its path
        self._count += 1
        root = self._folder / str(self._count)
        for path, text in {**AROUND, **program.files, **(changed or {})}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return root

    def _outcome(self, root: pathlib.Path, program: Program) -> Outcome:
        path = shutil.copy(self._rows, self._folder / "run.sqlite")
        database = session.configure(f"sqlite:///{path}")
        try:
            with rows.stopped_clock(), _modules_of(root):
                said = _said(program)
            return Outcome(said, rows.contents(database.engine))
        finally:
            database.dispose()


@contextmanager
def _modules_of(root: pathlib.Path) -> Iterator[None]:
    """Import `nova` from the folder, with the exceptions that it has the shim adopt."""
    adopted, classes = exception._adopted, exception._classes
    exception._adopted, exception._classes = {}, {}
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for cached in [one for one in sys.path_importer_cache if one.startswith(str(root))]:
            del sys.path_importer_cache[cached]
        for name in [one for one in sys.modules if one.partition(".")[0] == "nova"]:
            del sys.modules[name]
        sys.dont_write_bytecode = bytecode
        exception._adopted, exception._classes = adopted, classes


def _said(program: Program) -> tuple[Any, ...]:
    made: dict[str, Any] = {}
    ctx = context.get_admin_context()
    return tuple(
        _answer(lambda said, call=call: _call(made, call, ctx, said)) for call in program.calls
    )


def _call(made: dict[str, Any], call: tuple[str, str, str], ctx: Any, said: Any) -> None:
    module, name, method = call
    if name not in made:
        made[name] = getattr(importlib.import_module(module), name)()
    getattr(made[name], method)(ctx, said)


def _answer(call: Callable[[list[Any]], None]) -> tuple[Any, ...]:
    """What the call appended to its list, and what it raised at last."""
    said: list[Any] = []
    try:
        call(said)
    except Exception as error:
        return (*map(shown, said), Raised(_name(error), str(error)))
    return tuple(map(shown, said))


def _name(error: Exception) -> str:
    if isinstance(error, AttributeError | TypeError) and "'NoneType'" in str(error):
        # None has neither keys nor attributes, and says so in different words
        return "None is used"
    return repr(error) if isinstance(error, KeyError) else type(error).__name__


def shown(value: Any) -> Any:
    """The value with its type beside it, as True is 1 to `==`, and an object no dict."""
    if isinstance(value, dict):
        return {"dict": {shown(key): shown(one) for key, one in value.items()}}
    if isinstance(value, list | tuple):
        return (type(value).__name__, *map(shown, value))
    if isinstance(value, set | frozenset):
        return (type(value).__name__, *sorted(map(str, map(shown, value))))
    if value is None or isinstance(value, bool | int | float | str | datetime.datetime):
        return repr(value)
    return type(value).__name__
