# SPDX-License-Identifier: Apache-2.0
"""Find what only a handle needs: attributes that it is made with, and documented keywords."""

import ast
import dataclasses
import posixpath
import re
from collections.abc import Iterator, Mapping

from codemods.analysis.attribute_uses import AttributeUses
from codemods.analysis.facts import Span
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.survey import Survey

#: A docstring's description of a keyword, all its lines: `db_allowed - Boolean. False if ...`.
TOLD = re.compile(
    r"^(?P<head>(?P<indent>[ \t]*)(?P<keyword>\w+) - (?:[Bb]oolean\. )?)"
    r"(?P<told>\S.*(?:\n(?P=indent)[ \t]+\S.*)*)",
    re.M,
)

_API = re.compile(r"\bconductor\b", re.I)
_TELLS = re.compile(rb"^[ \t]+\w+ - \S[^\n]*(?:\n[ \t]+\S[^\n]*){0,5}\bconductor\b", re.M)


@dataclasses.dataclass(frozen=True)
class Input:
    """An attribute that is read where a handle is made, and nowhere else.

    `statement` sets it; `keyword` is the one in `**kwargs` that it is taken
    from, "" if there is none.
    """

    statement: Span
    keyword: str


def inputs_of(
    module: Module, node: ast.Assign, owner: Class, survey: Survey, uses: AttributeUses
) -> tuple[Input, ...]:
    """The attributes that go with the handle that a statement sets."""
    function = module.function_around(node)
    if function is None:
        return ()
    span = module.source.span
    line = survey.inference.project.ancestry(owner)
    defined = {name for one in line for name in one.methods}
    found = []
    for read in ast.walk(node.value):
        if not isinstance(read, ast.Attribute) or not _is_own(read, node):
            continue
        # setting it may have side effects
        if defined & {read.attr, "__setattr__"}:
            continue
        setters = [one for one in module.all(ast.Attribute) if _sets(one, read.attr)]
        statement = module.source.parent(setters[0]) if len(setters) == 1 else None
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        if module.function_around(statement) is not function or not _is_own(setters[0], node):
            continue
        keyword = _given(statement.value, function)
        inside = span(node.value), span(statement)
        places = list(uses.of(owner, read.attr))
        if keyword is not None and all(_is_within(one, module, inside) for one in places):
            found.append(Input(span(statement), keyword))
    return tuple(dict.fromkeys(found))


def _is_own(node: ast.Attribute, handle: ast.Assign) -> bool:
    """Whether an attribute belongs to the same variable as the handle."""
    target = handle.targets[0]
    names = [
        one.value.id
        for one in (node, target)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    ]
    return len(names) == 2 and names[0] == names[1]


def _sets(node: ast.Attribute, name: str) -> bool:
    return node.attr == name and not isinstance(node.ctx, ast.Load)


def _given(node: ast.expr, function: Function) -> str | None:
    """The keyword that a value is taken from, "" for a name or constant; None for anything else."""
    if isinstance(node, ast.Name | ast.Constant):
        return ""
    more = function.node.args.kwarg
    takes = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and isinstance(node.func.value, ast.Name)
        and more is not None
        and node.func.value.id == more.arg
        and not node.keywords
        and all(isinstance(one, ast.Constant) for one in node.args)
    )
    first = node.args[0] if isinstance(node, ast.Call) and takes and node.args else None
    name = first.value if isinstance(first, ast.Constant) else None
    return name if isinstance(name, str) else None


def telling(files: Mapping[str, bytes], package: str) -> Iterator[str]:
    """The files of the program that may describe a keyword in terms of the conductor."""
    for path, data in files.items():
        if path.startswith(f"{package}/") and not path.startswith(f"{package}/tests/"):
            if b"conductor" in data and b" - " in data and _TELLS.search(data):
                yield path


def _is_within(place: tuple[str, Span], module: Module, spans: tuple[Span, ...]) -> bool:
    path, (start, end) = place
    return path == module.source.path and any(s <= start and end <= e for s, e in spans)


def docstrings_of(keyword: str, readers: int, survey: Survey) -> Iterator[tuple[str, Span]]:
    """The docstrings that describe a keyword in terms of the conductor.

    There are none if the tree quotes the keyword more often than its `readers` do. A
    file is left out if a function in or below its folder has such a parameter.
    """
    word = keyword.encode()
    # a search for plain bytes is ten times as fast as a pattern
    files = {path: data for path, data in survey.inference.project.files.items() if word in data}
    quoted = re.compile(rb"['\"]%s['\"]" % word)
    if sum(len(quoted.findall(data)) for data in files.values()) != readers:
        return
    taken = re.compile(rb"\bdef \w+\([^)]*\b%s\b" % word)
    takers = [path for path, data in files.items() if taken.search(data)]
    for module in survey.code():
        folder = posixpath.dirname(module.source.path)
        if not any(path.startswith(f"{folder}/") for path in takers):
            yield from ((module.source.path, span) for span in _telling(keyword, module))


def _telling(keyword: str, module: Module) -> Iterator[Span]:
    """The docstrings of a file that mention the conductor for a keyword and nothing else."""
    if keyword.encode() not in module.source.text:
        return
    for function in module.all_functions:
        first = function.node.body[0] if isinstance(function.node, ast.FunctionDef) else None
        if not isinstance(first, ast.Expr) or function.node.args.kwarg is None:
            continue
        text = module.source.of(first.value)
        told = [one for one in TOLD.finditer(text) if _API.search(one["told"])]
        others = _API.search(TOLD.sub("", text))
        if [one["keyword"] for one in told] == [keyword] and others is None:
            yield module.source.span(first)
