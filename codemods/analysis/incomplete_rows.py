# SPDX-License-Identifier: Apache-2.0
"""Where unit tests let the database hand out rows of which no object can be made."""

import ast
import dataclasses
from collections.abc import Iterable, Iterator

from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.row_fixtures import columns_of
from codemods.analysis.stubs import Stub, database_stubs, handed_out, rows
from codemods.mappings import conductor_calls, conductor_name, relations


@dataclasses.dataclass(frozen=True)
class IncompleteRow:
    """A stub of the database by which an object gets a row without some of its columns.

    `method` is the conductor's that ended in the function which is replaced,
    `object` the one that is made of the row, and `lacking` the columns, sorted.
    """

    stub: Stub
    method: str
    object: str
    lacking: tuple[str, ...]


def incomplete_rows(module: Module, inference: Inference) -> Iterator[IncompleteRow]:
    """The stubs of a file of unit tests that hand out literal rows which lack columns."""
    for stub in database_stubs(module, inference):
        method = conductor_name(stub.name)
        call = conductor_calls().get(method)
        found = inference.tree.object(call.object) if call is not None else None
        if found is None or not inference.tree.is_own:
            continue
        for name, row in _with_joined(module, found.name, handed_out(module, [stub])):
            keys, known = _keys(row), inference.tree.object(name)
            lacking = columns_of(known).keys() - keys if known is not None else set()
            if keys and lacking:
                yield IncompleteRow(stub, method, name, tuple(sorted(lacking)))
                break


def _with_joined(
    module: Module, name: str, found: Iterable[ast.expr]
) -> Iterator[tuple[str, ast.expr]]:
    """The rows, each with its object's name, and those that are joined with them."""
    for row in found:
        yield name, row
        for (owner, key), relation in relations().items():
            for value in _under(row, key) if owner == name else ():
                yield from ((relation.object, one) for one in rows(module, value))


def _under(row: ast.expr, key: str) -> Iterator[ast.expr]:
    """The value under a key of a literal row, or of a call of `dict`."""
    if isinstance(row, ast.Dict):
        for one, value in zip(row.keys, row.values, strict=True):
            if isinstance(one, ast.Constant) and one.value == key:
                yield value
    elif isinstance(row, ast.Call):
        yield from (word.value for word in row.keywords if word.arg == key)


def _keys(row: ast.expr) -> set[str]:
    """The keys of a literal row; empty where one is no literal."""
    keys = row.keys if isinstance(row, ast.Dict) else []
    found = {key.value for key in keys if isinstance(key, ast.Constant)}
    return {str(key) for key in found} if len(found) == len(keys) else set()
