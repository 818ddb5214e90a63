# SPDX-License-Identifier: Apache-2.0
"""Find where unit tests let the database return rows that no object can be made from."""

import ast
import dataclasses
from collections.abc import Iterable, Iterator

from codemods.analysis.dict_origins import Place
from codemods.analysis.dict_values import literal_keys
from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.row_fixtures import columns_of
from codemods.analysis.stubs import Stub, database_stubs, handed_out, rows
from codemods.mappings import conductor_calls, conductor_name, relations


@dataclasses.dataclass(frozen=True)
class IncompleteRow:
    """A literal row without some of the columns of the object that is made from it.

    `stub` is the stub of the database that returns it, or a row that it is joined
    with; `method` is the conductor's, which called the replaced function; `object`
    is the one that is made from the row, and `lacking` are the columns, sorted.
    """

    stub: Stub
    method: str
    row: Place
    object: str
    lacking: tuple[str, ...]


def incomplete_rows(module: Module, inference: Inference) -> Iterator[IncompleteRow]:
    """The literal rows that lack columns and that the stubs of a file of unit tests return."""
    for stub in database_stubs(module, inference) if inference.tree.is_own else ():
        method = conductor_name(stub.name)
        call = conductor_calls().get(method)
        if call is None:
            continue
        found = handed_out(module, [stub], inference)
        for name, row in _with_joined(inference, call.object, found):
            known = inference.tree.object(name)
            keys = literal_keys(row[1]) if isinstance(row[1], ast.Dict) else None
            lacking = columns_of(known).keys() - keys if known is not None and keys else ()
            if lacking:
                yield IncompleteRow(stub, method, row, name, tuple(sorted(lacking)))


def _with_joined(
    inference: Inference, name: str, found: Iterable[Place]
) -> Iterator[tuple[str, Place]]:
    """The rows, each with its object's name, and those that are joined with them."""
    for module, row in found:
        yield name, (module, row)
        for (owner, key), relation in relations().items():
            for value in _under(row, key) if owner == name else ():
                yield from ((relation.object, one) for one in rows(inference, module, value))


def _under(row: ast.expr, key: str) -> Iterator[ast.expr]:
    """The value under a key of a literal row, or of a call of `dict`."""
    if isinstance(row, ast.Dict):
        for one, value in zip(row.keys, row.values, strict=True):
            if isinstance(one, ast.Constant) and one.value == key:
                yield value
    elif isinstance(row, ast.Call):
        yield from (word.value for word in row.keywords if word.arg == key)
