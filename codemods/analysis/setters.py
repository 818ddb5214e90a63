# SPDX-License-Identifier: Apache-2.0
"""Find code that sets attributes of objects other than its own."""

import ast
import re
from collections.abc import Callable

from codemods.analysis.holders import Holders
from codemods.analysis.kept_values import class_of_self
from codemods.analysis.local_names import is_load
from codemods.analysis.project import Module, Project
from codemods.analysis.values import DICT, UNKNOWN, Values


class Setters:
    """The code that sets attributes; `values` tells what inference knows of an expression."""

    def __init__(
        self, project: Project, holders: Holders, values: Callable[[ast.AST], Values]
    ) -> None:
        self._project = project
        self._holders = holders
        self._values = values
        self._paths: dict[tuple[str, str], list[str]] = {}
        self._by_name: dict[tuple[str, str], bool] = {}
        self._methods: dict[str, bool] = {}

    def may_set(self, owner: str, name: str) -> bool:
        """Whether code that speaks of a class sets an attribute of an object to something unknown.

        What methods set on their own object is known by the object.
        """
        if any(self._sets(path, name) for path in self._setting(owner, name)):
            return True
        if (owner, name) not in self._by_name:
            self._by_name[owner, name] = self._is_set_by_name(owner, name)
        return self._by_name[owner, name]

    def may_set_method(self, name: str) -> bool:
        """Whether some code sets an attribute with the name of a method of the conductor's."""
        if name not in self._methods:
            word = name.encode()
            setting = re.compile(rb"\.%b\s*=(?!=)|\bsetattr\([^,\n]+,\s*(['\"])%b\1" % (word, word))
            self._methods[name] = any(
                self._holders.first_in(path, setting) is not None
                for path in self._holders.having(word)
            )
        return self._methods[name]

    def _setting(self, owner: str, name: str) -> list[str]:
        """The files that speak of a class and set an attribute of anything but `self`."""
        if (owner, name) not in self._paths:
            setting = re.compile(rb"(?<!\bself)(?<!\bcls)\.%b\s*=(?!=)" % name.encode())
            self._paths[owner, name] = [
                path
                for path in self._holders.naming(b".%b" % name.encode(), self._holders.words(owner))
                if self._holders.first_in(path, setting) is not None
            ]
        return self._paths[owner, name]

    def _is_set_by_name(self, owner: str, name: str) -> bool:
        setting = re.compile(rb"\bsetattr\((?!\s*self\b)[^,\n]+,\s*(['\"])%b\1" % name.encode())
        paths = self._holders.naming(b"setattr(", self._holders.words(owner))
        return any(self._holders.first_in(path, setting) is not None for path in paths)

    def _sets(self, path: str, name: str) -> bool:
        """Whether a file may set the attribute of another object to something unknown."""
        module = self._project.modules.get(path)
        if module is None:
            return True
        stored = (node for node in module.attributes(name) if not is_load(node))
        others = (
            node for node in stored if not (class_of_self(node, module) or _is_none(module, node))
        )
        given = map(self._values, others)
        return any(not values or UNKNOWN in values or DICT in values for values in given)


def _is_none(module: Module, node: ast.Attribute) -> bool:
    """Whether a statement sets an attribute to None."""
    value = getattr(module.source.parent(node), "value", None)
    return isinstance(value, ast.Constant) and value.value is None
