# SPDX-License-Identifier: Apache-2.0
"""Where unit tests still refer to conductor methods that the code no longer calls.

However a test replaces a method or checks its calls, it has to name the method,
or the attribute that holds the conductor's API. So this looks for the names, in
the text that the rules have left.
"""

import ast
import dataclasses
import re
from collections.abc import Iterator

from codemods.analysis.gone import Gone, tested_modules
from codemods.analysis.local_names import around
from codemods.analysis.patches import is_mock_name
from codemods.analysis.project import Class, Function, Module
from codemods.syntax.source import Positioned

#: Functions that take an owner, and the name of the attribute to replace or look up.
_BY_NAME = frozenset(("Set", "SmartSet", "StubOutWithMock", "StubOutClassWithMocks", "object"))
_BY_NAME |= {"delattr", "getattr", "hasattr", "setattr", "multiple", "CreateMock"}

#: Names of what has methods with the same names: the database, cells, the drivers' API.
_OTHER = re.compile(r"(?:^|_)(?:db|virtapi|cells|msg)(?:_|$|api)|sqlalchemy|DB|objects$")
_OURS = re.compile(r"conductor|Conductor|(?:^|_)capi(?:_|$)")

#: The methods that run before or after the tests of a class.
_AROUND_TESTS = frozenset(("setUp", "setUpClass", "tearDown", "tearDownClass"))


@dataclasses.dataclass(frozen=True)
class Uncarried:
    """A place that only makes sense with the conductor: the test that it is in, and why.

    `method` is the conductor method that it is about, "" if it is about the
    whole API; `source` is the source of the place. `is_use` says that it uses
    a helper with such a place.
    """

    test: str
    line: int
    source: str
    reason: str
    method: str = ""
    is_use: bool = False


def unreplaced(method: str, is_called: bool) -> str:
    """The message for a test that replaces a method; `is_called` if some code still calls it."""
    who = "part of the code" if is_called else "the code"
    return f"replaces the conductor's {method}(), which {who} no longer calls"


def test_at(module: Module, offset: int) -> str:
    """The dotted name of the outermost function around an offset, of the class, or of the module.

    The decorators of a function or a class belong to it; setUp() and the like
    belong to the class.
    """
    functions = [one for one in module.all_functions if one.outer is None]
    classes = sorted(module.classes.values(), key=lambda one: -len(one.name))
    known: list[Function | Class] = [*functions, *classes]
    for one in known:
        decorators = [] if isinstance(one.node, ast.Lambda) else one.node.decorator_list
        first = min(map(module.source.start, (one.node, *decorators)))
        if first <= offset < module.source.end(one.node):
            owner, _, method = one.name.rpartition(".")
            name = owner if owner and method in _AROUND_TESTS else one.name
            return f"{module.dotted}.{name}"
    return module.dotted


def uncarried(module: Module, gone: Gone) -> list[Uncarried]:
    """The places of a unit test module that no rule has carried over, in order."""
    found = _Finder(module, gone).found()
    return sorted(found, key=lambda one: one.line)


class _Finder:
    def __init__(self, module: Module, gone: Gone) -> None:
        self.module = module
        self.gone = gone
        self.tested = tested_modules(module, gone)

    def found(self) -> Iterator[Uncarried]:
        """The places, in no order."""
        for node in self.module.all(ast.Attribute):
            yield from self._attribute(node)
        for text in self.module.all(ast.Constant):
            if isinstance(text.value, str) and text.value:
                yield from self._text(text, text.value)
        for call in self.module.all(ast.Call):
            yield from self._keywords(call)
        for owner in self.module.classes.values():
            yield from self._class(owner)

    def _attribute(self, node: ast.Attribute) -> Iterator[Uncarried]:
        """`capi.service_update.return_value`, `reader.conductor_api = fake`."""
        if node.attr in self.gone.methods:
            if not self._is_plain_call(node) and self._may_be_api(node.value, node.attr):
                yield self._method(node, node.attr)
        elif node.attr in self.gone.handles and isinstance(node.ctx, ast.Store):
            if self._replaces_handle(node):
                yield self._handle(node, node.attr)

    def _is_plain_call(self, node: ast.Attribute) -> bool:
        """Whether a test simply calls the method, neither to record a call nor on a mock."""
        call = self.module.source.parent(node)
        if not isinstance(call, ast.Call) or call.func is not node:
            return False
        is_expected = is_mock_name(self.module.dotted_name(node.value), "call")
        return not is_expected and not isinstance(self.module.source.parent(call), ast.Attribute)

    def _replaces_handle(self, node: ast.Attribute) -> bool:
        """Whether the attribute for the conductor's API is set to something else."""
        if not self.tested & self.gone.handles[node.attr]:
            return False
        statement = self.module.source.statement(node)
        value = statement.value if isinstance(statement, ast.Assign) else None
        made = value.func if isinstance(value, ast.Call) else value
        dotted = self.module.dotted_name(made) if made is not None else ""
        if dotted.startswith(f"{self.gone.package}.conductor."):
            return False
        function = self.module.function_around(node)
        owner = next((one.owner for one in around(function) if one.owner is not None), None)
        is_self = isinstance(node.value, ast.Name) and owner is not None and node.value.id == "self"
        return not is_self or (owner is not None and self._is_under_test(owner))

    def _is_under_test(self, owner: Class) -> bool:
        """Whether a class of the tests inherits from a class whose calls were rewritten."""
        family = self.gone.project.ancestry(owner)[1:]
        return any(one.module.dotted in self.gone.modules for one in family)

    def _text(self, node: ast.Constant, text: str) -> Iterator[Uncarried]:
        """`'service_update'`, `'nova.conductor.api.LocalAPI.service_update'`."""
        owner, _, name = text.rpartition(".")
        if name in self.gone.methods:
            if self._is_owner(owner, node, name):
                yield self._method(node, name)
        elif text.partition(".")[0] in self.gone.methods:
            # `'service_update.return_value'` as a keyword for a mock
            name = text.partition(".")[0]
            if self.tested & self.gone.methods[name] and text.replace(".", "_").isidentifier():
                yield self._method(node, name)
        elif name in self.gone.handles and self._is_stub(node, owner):
            if self.tested & self.gone.handles[name]:
                yield self._handle(node, name)
        elif self._is_api(owner, name, node) and self.tested:
            yield self._handle(node, "API")
        elif self._is_gone_name(node, owner, name):
            yield self._handle(node, name)

    def _is_owner(self, owner: str, node: ast.Constant, name: str) -> bool:
        """Whether a method's name is looked up on what may be the conductor's API."""
        if owner:
            return re.fullmatch(r"[\w.]+", owner) is not None and self._may_be_dotted(owner, name)
        call = self.module.source.parent(node)
        if isinstance(call, ast.Call) and node in call.args:
            if _called(call) in _BY_NAME and call.args[0] is not node:
                return self._may_be_api(call.args[0], name)
            if _called(call).startswith(("assert", "_check", "_test")):
                return False
        is_part = isinstance(call, ast.Call | ast.List | ast.Tuple | ast.Dict | ast.Set)
        return is_part and self._is_tested(name)

    def _is_stub(self, node: ast.Constant, owner: str) -> bool:
        """Whether a string names what is to be replaced: with its owner, or after it."""
        call = self.module.source.parent(node)
        if not isinstance(call, ast.Call) or node not in call.args:
            return False
        if owner:
            return re.fullmatch(r"[\w.]+", owner) is not None
        return _called(call) in _BY_NAME and call.args[0] is not node

    def _is_api(self, owner: str, name: str, node: ast.Constant) -> bool:
        """Whether a string names the class or the factory of the conductor's API."""
        if name not in ("API", "LocalAPI") or not self._is_stub(node, owner):
            return False
        call = self.module.source.parent(node)
        assert isinstance(call, ast.Call)
        dotted = owner or self.module.dotted_name(call.args[0])
        return "conductor" in dotted.split(".")

    def _is_gone_name(self, node: ast.Constant, owner: str, name: str) -> bool:
        """Whether a test replaces a name in a module that no longer imports it."""
        if name not in self.gone.names_anywhere:
            return False
        if not self._is_stub(node, owner):
            return False
        call = self.module.source.parent(node)
        assert isinstance(call, ast.Call)
        dotted = owner or self.module.dotted_name(call.args[0])
        return name in self.gone.names.get(dotted, ())

    def _keywords(self, call: ast.Call) -> Iterator[Uncarried]:
        """`mock.patch.multiple(API, service_update=mock.DEFAULT)`, `mock.Mock(service_get=get)`."""
        words = [word for word in call.keywords if word.arg in self.gone.methods]
        if not words:
            return
        dotted = self.module.dotted_name(call.func)
        if not is_mock_name(dotted) and _called(call) not in ("configure_mock", "multiple"):
            return
        for word in words:
            assert word.arg is not None
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                is_ours = self._may_be_dotted(first.value, word.arg)
            else:
                is_ours = first is None or self._may_be_api(first, word.arg)
            if is_ours and self._is_tested(word.arg):
                yield self._method(word, word.arg)

    def _class(self, owner: Class) -> Iterator[Uncarried]:
        """A class that has methods of the conductor's API."""
        methods = sorted(owner.methods.keys() & self.gone.methods.keys())
        if not methods or _OTHER.search(owner.name):
            return
        bases = [self.gone.project.find(base) for base in owner.bases]
        known = [base for base in bases if isinstance(base, Class)]
        conductor = f"{self.gone.package}.conductor"
        is_api = any(base.module.dotted.startswith(conductor) for base in known)
        if known and not is_api:
            return
        for name in methods:
            is_ours = is_api or _OURS.search(owner.name) is not None
            if (is_ours and self._is_replaced(name)) or self._is_tested(name):
                yield self._method(owner.methods[name].node, name)

    def _is_replaced(self, method: str) -> bool:
        """Whether what certainly replaces the method no longer makes sense."""
        return method not in self.gone.called or self._is_tested(method)

    def _is_tested(self, method: str) -> bool:
        """Whether the file tests a module that no longer calls the method."""
        return bool(self.tested & self.gone.methods[method])

    def _may_be_dotted(self, dotted: str, method: str) -> bool:
        """Whether a dotted name may be that of the conductor's API."""
        parts = dotted.removeprefix(f"{self.module.dotted}.").split(".")
        if _OTHER.search(parts[-1]):
            return False
        if any(map(_OURS.search, parts)):
            return self._is_replaced(method)
        if any(map(_OTHER.search, parts)):
            return False
        known = self.gone.project.find(dotted)
        if isinstance(known, Class) and self.gone.project.method(known, method) is not None:
            return False
        if isinstance(known, Module) and method in known.functions:
            return False
        return self._is_tested(method)

    def _may_be_api(self, node: ast.expr, method: str) -> bool:
        """Whether an expression may be the conductor's API."""
        dotted = self.module.dotted_name(node)
        if dotted:
            return not dotted.endswith(".self") and self._may_be_dotted(dotted, method)
        names = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute)]
        parts = [one.id if isinstance(one, ast.Name) else one.attr for one in names]
        return self._may_be_dotted(".".join(reversed(parts)), method)

    def _method(self, node: Positioned, method: str) -> Uncarried:
        return self._place(node, unreplaced(method, method in self.gone.called), method)

    def _handle(self, node: Positioned, name: str) -> Uncarried:
        reason = f"replaces `{name}`, which the code under test no longer uses"
        return self._place(node, reason)

    def _place(self, node: Positioned, reason: str, method: str = "") -> Uncarried:
        source = "" if node in self.module.function_of else ast.unparse(node)
        test = test_at(self.module, self.module.source.start(node))
        return Uncarried(test, node.lineno, source, reason, method)


def _called(call: ast.Call) -> str:
    """The last name of what is called."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
