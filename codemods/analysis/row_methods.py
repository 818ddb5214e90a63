# SPDX-License-Identifier: Apache-2.0
"""The methods of the code that return rows which become objects."""

import ast
import dataclasses

from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey
from codemods.model import ITEM_OF_OBJECT, Item

_CONTEXTS = ("context", "ctxt", "ctx", "admin_context", "elevated")


@dataclasses.dataclass(frozen=True)
class RowMethod:
    """A method that returns the row of an object, or several, with its parameters."""

    owner: Class
    object: str
    many: bool
    parameters: tuple[str, ...]

    @property
    def context(self) -> int | None:
        """The index of the context among the parameters; None if there is no context."""
        found = [n for n, name in enumerate(self.parameters) if name in _CONTEXTS]
        return found[0] if found else None


class RowMethods:
    """The methods, by name, once the work items `done` are done."""

    def __init__(self, survey: Survey, done: frozenset[Item]) -> None:
        self._survey = survey
        self._found: dict[str, list[RowMethod]] = {}
        inference = survey.inference
        for full, values in inference.row_returns():
            rows = {v for v in values if v.kind in ("row", "rows") and v.needs <= done}
            names = {v.name for v in rows}
            function = inference.function(full)
            if inference.is_test_name(full) or function is None or function.owner is None:
                continue
            if len(names) == 1 and names <= ITEM_OF_OBJECT.keys():
                many = any(v.kind == "rows" for v in rows)
                method = RowMethod(function.owner, names.pop(), many, tuple(function.parameters))
                self._found.setdefault(full.rpartition(".")[2], []).append(method)

    def on(self, owner: ast.expr, name: str, module: Module) -> RowMethod | None:
        """The method `name` of an expression in a module; None if it is not one of these.

        If the class is not known, a private name is taken to be that of one of these.
        """
        methods = self._found.get(name, [])
        classes = self._classes(owner, module) if methods else None
        if classes is None:
            return methods[0] if methods and name.startswith("_") else None
        return next((one for one in methods if one.owner.dotted in classes), None)

    def _classes(self, owner: ast.expr, module: Module) -> set[str] | None:
        """The dotted names of the classes that an expression is, or is an instance of.

        With their bases. Empty if it is something else; None if it is not known.
        """
        project = self._survey.inference.project
        values = self._survey.inference.values(owner)
        if any(value.kind not in ("class", "instance", "none") for value in values):
            return None
        names = {value.name for value in values if value.kind != "none"}
        if not names and _is_imported(owner, module):
            names = {module.dotted_name(owner)}
        if not names:
            return None
        found = [project.find_class(name) for name in names]
        return {base.dotted for one in found if one for base in project.ancestry(one)}


def _is_imported(owner: ast.expr, module: Module) -> bool:
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    return isinstance(owner, ast.Name) and owner.id in module.imports
