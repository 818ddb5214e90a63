# SPDX-License-Identifier: Apache-2.0
"""What a unit test tells a mock of one of the conductor's methods, and asks of it."""

import ast
import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from codemods.analysis.constant_rows import ConstantRows
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.free_names import free_name
from codemods.analysis.local_names import (
    around,
    attribute_of,
    bindings,
    is_load,
    only_value,
    readings,
    uses,
)
from codemods.analysis.mocked_rows import (
    has_words,
    is_attribute,
    is_handed_on,
    is_object,
    literal_rows,
)
from codemods.analysis.project import Function, Module
from codemods.analysis.tree import Tree
from codemods.mappings import ConductorCall

#: What may be asked of any mock, whatever it is called with.
WHETHER_CALLED = frozenset(("called", "call_count", "reset_mock", "assert_not_called"))
#: What asks for the arguments.
_ARGUMENTS = frozenset(
    ("call_args", "call_args_list", "mock_calls", "assert_any_call", "assert_has_calls")
) | {"assert_called_with", "assert_called_once_with"}


@dataclasses.dataclass(frozen=True, eq=False)
class SaveExpectation:
    """`mock_update.assert_called_once_with(context, row, values)`, where `call` is the update.

    `variable` is the name of the object that is saved: of the row itself where
    it `is_named`, else one that is free.
    """

    call: ConductorCall
    variable: str
    is_named: bool


class AskedMock:
    """A mock of `call` that has the name `name` in a function, its parameter, say.

    Without a name nothing is told to it but by `keywords`, those of its patch.
    """

    def __init__(
        self,
        function: Function,
        name: str,
        call: ConductorCall,
        keywords: Mapping[str, ast.expr],
        tree: Tree,
    ) -> None:
        self.function = function
        self.name = name
        self.call = call
        self.keywords = keywords
        self.tree = tree

    def _asked(self) -> Iterator[ast.Attribute | None]:
        """The attributes of the mock that are used; None where the mock itself is."""
        is_bound_once = len(bindings(self.function.node, self.name)) == 1
        for use in uses(self.function.node, self.name):
            # where it gets its only name, nothing is asked of it
            if is_load(use) or not is_bound_once:
                yield attribute_of(use, self.function.module.source)

    def rows(self, constants: ConstantRows) -> list[ast.Dict] | None:
        """The literal rows that a getter returns, each as often as they are named.

        None where something else may come of it, or is asked of it, than a
        getter of the objects gives and is asked for.
        """
        if self.keywords.keys() - {"return_value", "side_effect"}:
            return None
        told = {name: [value] for name, value in self.keywords.items()}
        for asked in self._asked():
            if asked is None:
                return None
            if is_load(asked):
                if not self._is_answered(asked.attr):
                    return None
                continue
            statement = self.function.module.source.parent(asked)
            if not isinstance(statement, ast.Assign) or not self._is_alone(statement, asked):
                return None
            told.setdefault(asked.attr, []).append(statement.value)
        if told.keys() - {"return_value", "side_effect"}:
            return None
        if not all(map(self._is_exception, told.get("side_effect", ()))):
            return None
        values = told.get("return_value", ())
        return literal_rows(
            self.function,
            values,
            self.name,
            lambda name: constants.row(name, self.call.object),
        )

    def _is_answered(self, asked: str) -> bool:
        """Whether the getter of the objects answers the same."""
        is_same = self.call.arguments == self.call.parameters and not self.call.elevated
        return asked in WHETHER_CALLED or (is_same and asked in _ARGUMENTS)

    def _is_alone(self, statement: ast.Assign, told: ast.Attribute) -> bool:
        """Whether what the mock is told has no other name under which more is done with it."""
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        others = len(statement.targets) - len(names) - 1
        return (
            told in statement.targets
            and not others
            and all(is_handed_on(self.function, name, self.name) for name in names)
        )

    def _is_exception(self, value: ast.expr) -> bool:
        """Whether a value is an exception, by the name of its class."""
        node = value.func if isinstance(value, ast.Call) else value
        last = self.function.module.dotted_name(node).rpartition(".")[2]
        return last[:1].isupper() and not last.endswith("Mock")

    def expectations(self) -> list[tuple[ast.Call, SaveExpectation]] | None:
        """What is expected of an update: the calls that say so.

        None where more is asked than what save() of an object can be asked.
        """
        if self.keywords:
            return None
        found = []
        for asked in self._asked():
            if asked is None or not is_load(asked):
                return None
            if asked.attr in WHETHER_CALLED:
                continue
            node = self.function.module.source.parent(asked)
            if asked.attr != "assert_called_once_with" or not isinstance(node, ast.Call):
                return None
            expectation = self._expectation(node)
            if expectation is None:
                return None
            found.append((node, expectation))
        return found

    def _expectation(self, node: ast.Call) -> SaveExpectation | None:
        module = self.function.module
        statement = module.source.parent(node)
        if not isinstance(statement, ast.Expr) or len(node.args) != 3 or node.keywords:
            return None
        if not any(one.receiver == "self" for one in around(self.function)):
            return None
        _, given, values = node.args
        row = only_value(self.function, given)
        if not isinstance(row, ast.Dict) or not has_words(row) or not _are_words(values, module):
            return None
        if not isinstance(given, ast.Name):
            variable = free_name(module, self.tree, node, self.call.object)
            return SaveExpectation(self.call, variable, False)
        if not is_object(self.tree, self.call.object, row):
            return None
        if not is_handed_on(self.function, given.id):
            return None
        if not any(self._is_used(use) for use in readings(self.function.node, given.id)):
            # the object that is saved would be another one
            return None
        return SaveExpectation(self.call, given.id, True)

    def _is_used(self, use: ast.Name) -> bool:
        """Whether a name is used for anything but what is expected of this mock."""
        call = self.function.module.source.parent(use)
        asked = call.func if isinstance(call, ast.Call) else None
        return not isinstance(asked, ast.Attribute) or not is_attribute(
            asked, self.name, asked.attr
        )

    def named_rows(
        self, expectations: Iterable[tuple[ast.Call, SaveExpectation]]
    ) -> Iterator[ast.Dict]:
        """The literal rows under the names that are expected to be saved."""
        for node, expectation in expectations:
            row = only_value(self.function, node.args[1])
            if expectation.is_named and isinstance(row, ast.Dict):
                yield row


def _are_words(values: ast.expr, module: Module) -> bool:
    """Whether values are `{'key': value}` or `dict(key=value)`, with no key unknown."""
    if isinstance(values, ast.Dict):
        return has_words(values)
    return (
        is_made_dict(values, module)
        and not values.args
        and all(word.arg is not None for word in values.keywords)
    )
