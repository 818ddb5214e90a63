# SPDX-License-Identifier: Apache-2.0
"""How a unit test sets up a mock of a conductor method, and what it asks of the mock."""

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

#: The attributes of a mock that do not depend on the arguments of its calls.
WHETHER_CALLED = frozenset(("called", "call_count", "reset_mock", "assert_not_called"))
#: Those that do.
_ARGUMENTS = frozenset(
    ("call_args", "call_args_list", "mock_calls", "assert_any_call", "assert_has_calls")
) | {"assert_called_with", "assert_called_once_with"}


@dataclasses.dataclass(frozen=True, eq=False)
class SaveExpectation:
    """`mock_update.assert_called_once_with(context, row, values)`, where `call` is the update.

    `variable` names the object that is saved: the row's own name if it `is_named`,
    otherwise a free one.
    """

    call: ConductorCall
    variable: str
    is_named: bool


class CallMock:
    """A mock of `call` that a function knows as `name`, a parameter for example.

    Without a name, only `keywords`, those of its patch, set it up.
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
        """The attributes of the mock that are used; None for a use of the mock itself."""
        is_bound_once = len(bindings(self.function.node, self.name)) == 1
        for use in uses(self.function.node, self.name):
            # the only binding of the name is not a use of the mock
            if is_load(use) or not is_bound_once:
                yield attribute_of(use, self.function.module.source)

    def rows(self, constants: ConstantRows) -> list[ast.Dict] | None:
        """The literal rows that the mock of a getter returns, once for each mention.

        None if it may return anything else, or if the test asks something of it that
        a mock of the object's getter would not answer the same.
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
        """Whether a mock of the object's getter has the same answer."""
        is_same = self.call.arguments == self.call.parameters and not self.call.elevated
        return asked in WHETHER_CALLED or (is_same and asked in _ARGUMENTS)

    def _is_alone(self, statement: ast.Assign, told: ast.Attribute) -> bool:
        """Whether a value set on the mock has no other name that is used for anything else."""
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        others = len(statement.targets) - len(names) - 1
        return (
            told in statement.targets
            and not others
            and all(is_handed_on(self.function, name, self.name) for name in names)
        )

    def _is_exception(self, value: ast.expr) -> bool:
        """Whether a value is an exception, judging by the name of its class."""
        node = value.func if isinstance(value, ast.Call) else value
        last = self.function.module.dotted_name(node).rpartition(".")[2]
        return last[:1].isupper() and not last.endswith("Mock")

    def expectations(self) -> list[tuple[ast.Call, SaveExpectation]] | None:
        """The assertions on the mock of an update, each with what it expects.

        None if the test asks more than a mock of save() can answer.
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
            # the code does not get this row, so it would save another object
            return None
        return SaveExpectation(self.call, given.id, True)

    def _is_used(self, use: ast.Name) -> bool:
        """Whether a use of a name is anything but an argument of an assertion on this mock."""
        call = self.function.module.source.parent(use)
        asked = call.func if isinstance(call, ast.Call) else None
        return not isinstance(asked, ast.Attribute) or not is_attribute(
            asked, self.name, asked.attr
        )

    def named_rows(
        self, expectations: Iterable[tuple[ast.Call, SaveExpectation]]
    ) -> Iterator[ast.Dict]:
        """The literal rows of the named objects that are expected to be saved."""
        for node, expectation in expectations:
            row = only_value(self.function, node.args[1])
            if expectation.is_named and isinstance(row, ast.Dict):
                yield row


def _are_words(values: ast.expr, module: Module) -> bool:
    """Whether values are `{'key': value}` or `dict(key=value)`, with every key known."""
    if isinstance(values, ast.Dict):
        return has_words(values)
    return (
        is_made_dict(values, module)
        and not values.args
        and all(word.arg is not None for word in values.keywords)
    )
