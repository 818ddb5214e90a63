# SPDX-License-Identifier: Apache-2.0
"""Whether a loop iterates only over elements that an earlier loop has visited.

What the earlier loop found out about each element can then be looked up in the
later one. In case of doubt, the answer is no.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.project import Function, Module
from codemods.syntax.walk import walk

#: Methods of a list or a dict that add nothing to it.
_ADDING_NOTHING = frozenset(
    ("clear", "count", "get", "has_key", "index", "items", "iteritems", "iterkeys", "itervalues")
) | {"keys", "pop", "remove", "reverse", "sort", "values"}
_MADE_EMPTY = frozenset(("dict", "list", "OrderedDict"))

Binder = ast.For | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class EarlierLoop:
    """A `for` loop in a function."""

    def __init__(self, module: Module, function: Function, loop: ast.For) -> None:
        self.module = module
        self.function = function
        self.loop = loop

    def has_seen(self, use: ast.expr) -> bool:
        """Whether `use` can only be a value that the loop's variable has or had."""
        target = self.loop.target
        if not isinstance(use, ast.Name) or not isinstance(target, ast.Name):
            return False
        if _binds(self.loop, target.id):
            return False
        found = self._binder(use)
        if found is None:
            return False
        binder, iterated = found
        if binder is self.loop:
            return True
        return self._is_behind(binder) and (
            self._is_iterated_again(iterated) or self._is_filled_here(iterated)
        )

    def _binder(self, use: ast.Name) -> tuple[Binder, ast.expr] | None:
        """The loop or comprehension that binds the name used, and what it iterates over."""
        child: ast.AST = use
        for parent in self.module.source.parents(use):
            if isinstance(parent, ast.For):
                if isinstance(parent.target, ast.Name) and parent.target.id == use.id:
                    if child not in parent.body or _binds(parent, use.id):
                        return None
                    return parent, parent.iter
            elif isinstance(parent, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
                for one in parent.generators:
                    if isinstance(one.target, ast.Name) and one.target.id == use.id:
                        return (parent, one.iter) if child not in parent.generators else None
            elif parent in self.module.function_of or isinstance(parent, ast.Lambda):
                return None
            child = parent
        return None

    def _is_behind(self, binder: Binder) -> bool:
        """Whether the other loop runs only after this one has ended."""
        block = self.module.source.block(self.loop)
        around = [binder, *self.module.source.parents(binder)]
        later = block[block.index(self.loop) + 1 :]
        return any(statement in around for statement in later)

    def _is_iterated_again(self, iterated: ast.expr) -> bool:
        """Whether this loop went over all of the same list, and nothing was added since."""
        first = self.loop.iter
        if not isinstance(first, ast.Name) or not isinstance(iterated, ast.Name):
            return False
        if first.id != iterated.id or any(isinstance(n, ast.Break) for n in walk(self.loop)):
            return False
        start = self.module.source.start(self.loop)
        return all(
            use is first or self._is_looked_at(use)
            for use in self._uses(first.id)
            if self.module.source.start(use) >= start
        )

    def _is_filled_here(self, iterated: ast.expr) -> bool:
        """Whether it is a local list or dict that only the loop fills, with its variable."""
        if isinstance(iterated, ast.Call) and not iterated.args and not iterated.keywords:
            func = iterated.func
            if isinstance(func, ast.Attribute) and func.attr in ("values", "itervalues"):
                iterated = func.value
        if not isinstance(iterated, ast.Name) or iterated.id in self.function.parameters:
            return False
        return all(
            self._is_made_empty(use) or self._is_looked_at(use) or self._takes_variable(use)
            for use in self._uses(iterated.id)
        )

    def _uses(self, name: str) -> Iterator[ast.Name]:
        for node in walk(self.function.node):
            if isinstance(node, ast.Name) and node.id == name:
                yield node

    def _is_made_empty(self, use: ast.Name) -> bool:
        statement = self.module.source.parent(use)
        if not isinstance(statement, ast.Assign) or statement.targets != [use]:
            return False
        value = statement.value
        if isinstance(value, ast.Call):
            name = self.module.dotted_name(value.func).rpartition(".")[2]
            return name in _MADE_EMPTY and not value.args and not value.keywords
        return (isinstance(value, ast.Dict) and not value.keys) or (
            isinstance(value, ast.List) and not value.elts
        )

    def _is_looked_at(self, use: ast.Name) -> bool:
        """Whether the use only reads the value: it adds nothing to it, and does not pass it on."""
        parent = self.module.source.parent(use)
        if not isinstance(use.ctx, ast.Load):
            return False
        if isinstance(parent, ast.For | ast.comprehension):
            return parent.iter is use
        if isinstance(parent, ast.Subscript):
            return parent.value is use and not isinstance(parent.ctx, ast.Store)
        if isinstance(parent, ast.Attribute):
            call = self.module.source.parent(parent)
            is_called = isinstance(call, ast.Call) and call.func is parent
            return is_called and parent.attr in _ADDING_NOTHING
        if isinstance(parent, ast.Call):
            return isinstance(parent.func, ast.Name) and parent.func.id == "len"
        return isinstance(parent, ast.Compare | ast.If | ast.While | ast.UnaryOp)

    def _takes_variable(self, use: ast.Name) -> bool:
        """`use[key] = variable` or `use.append(variable)` within the loop."""
        statement = self.module.source.statement(use)
        if self.loop not in self.module.source.parents(statement):
            return False
        parent = self.module.source.parent(use)
        if isinstance(statement, ast.Assign) and isinstance(parent, ast.Subscript):
            return statement.targets == [parent] and self._is_variable(statement.value)
        call = statement.value if isinstance(statement, ast.Expr) else None
        return (
            isinstance(call, ast.Call)
            and call.func is parent
            and isinstance(parent, ast.Attribute)
            and parent.attr == "append"
            and len(call.args) == 1
            and self._is_variable(call.args[0])
        )

    def _is_variable(self, node: ast.expr) -> bool:
        target = self.loop.target
        return isinstance(node, ast.Name) and isinstance(target, ast.Name) and node.id == target.id


def _binds(loop: ast.For, name: str) -> bool:
    """Whether the body of the loop rebinds a name."""
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for statement in loop.body
        for node in walk(statement)
    )
