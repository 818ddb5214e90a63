# SPDX-License-Identifier: Apache-2.0
"""The versions that virt drivers pass as text, and the field that takes them."""

import ast
import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping

from codemods.analysis.facts import Span
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.model import Item
from codemods.syntax.source import Source, Unparsed

NAME = "hypervisor_version"

#: Every place where a version may be text, for a closer look.
_TRACE = re.compile(rb"hypervisor_version['\"]?\s*\]?\s*[:=]\s*\(?\s*[A-Za-z]{,2}['\"]")

_CONVERTER = b"def convert_version_to_int("

_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+)*")


def text_versions(tree: Tree) -> tuple[str, ...]:
    """The paths of the virt drivers that pass a version as text other than a plain number."""
    return tuple(
        path
        for path, data in sorted(tree.project.files.items())
        if _may_be_driver(path, tree.package)
        and _TRACE.search(data)
        and _hands_text_over(path, data)
    )


def _may_be_driver(path: str, package: str) -> bool:
    """Whether a file is where virt drivers are, or outside of the package."""
    if path.startswith(f"{package}/"):
        return path.startswith(f"{package}/virt/")
    return "tests" not in path.split("/")


def _hands_text_over(path: str, data: bytes) -> bool:
    try:
        return any(True for _ in _texts(Source(path, data).tree))
    except Unparsed:
        return False


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """The string literals that are passed as a version and are not plain numbers."""
    for node in ast.walk(tree):
        for value in _handed_over(node):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                if not value.value.isdigit():
                    yield value


def _handed_over(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        yield from (v for k, v in zip(node.keys, node.values, strict=True) if _is_name(k))
    elif isinstance(node, ast.keyword) and node.arg == NAME:
        yield node.value
    elif isinstance(node, ast.Assign):
        if any(isinstance(one, ast.Subscript) and _is_name(one.slice) for one in node.targets):
            yield node.value


def _is_name(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == NAME


def takes_text(tree: Tree) -> bool:
    """Whether text that a driver passes can reach the column, as a number or as it is."""
    field = tree.field_type("ComputeNode", NAME)
    if not tree.typed_fields:
        return field.name.startswith("str_") or not field
    return not field.is_integer or all(
        _number(str(one.value)) is not None
        for path in text_versions(tree)
        for one in _texts(Source(path, tree.project.files[path]).tree)
    )


@dataclasses.dataclass(frozen=True)
class VersionText:
    """A version that is passed as text, with the number that it stands for, if any.

    `has_converter` says that the tree has a function for the conversion.
    """

    number: int | None
    has_converter: bool


def texts_in(module: Module, tree: Tree, done: frozenset[Item]) -> Mapping[Span, VersionText]:
    """The literals of a driver whose text the object's field refuses, by place."""
    path = module.source.path
    if Item.OBJECT_FIELDS not in done or not tree.typed_fields or tree.stays.bars("nodes"):
        return {}
    if not _may_be_driver(path, tree.package) or not _TRACE.search(module.source.text):
        return {}
    has_converter = _CONVERTER in tree.project.files.get(f"{tree.package}/utils.py", b"")
    return {
        module.source.span(node): VersionText(_number(str(node.value)), has_converter)
        for node in _texts(module.source.tree)
    }


def _number(text: str) -> int | None:
    """The number that nova makes of a version: three digits for each part but the first."""
    if not _NUMBERS.fullmatch(text):
        return None
    return functools.reduce(lambda number, part: number * 1000 + part, map(int, text.split(".")))
