"""Who may use an attribute, in all of the code: files that nobody has looked at included."""

import ast
from collections.abc import Iterator

from codemods.analysis.facts import Span
from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey
from codemods.syntax.source import Source, Unparsed

_BY_NAME = ("delattr", "getattr", "hasattr", "setattr")


class AttributeUses:
    """The uses of attributes by name, apart from readings on what is known to be an instance."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._modules: dict[str, list[Module]] = {}

    def of(self, owner: Class, name: str) -> Iterator[tuple[str, Span]]:
        """The places at which an attribute of a class may be read, deleted or named."""
        family = set(self._survey.inference.attribute_owners(owner.dotted))
        for module in self._mentioning(name):
            for receiver, node in _uses(module, name):
                if self._may_be(receiver, node, module, owner, family):
                    yield module.source.path, module.source.span(node)

    def _mentioning(self, name: str) -> list[Module]:
        """The files of the code in which a name stands."""
        if name not in self._modules:
            survey, needle = self._survey, name.encode()
            tests = f"{survey.tree.package}/tests/"
            found = (
                survey.modules.get(path) or self._parsed(path, data)
                for path, data in sorted(survey.inference.project.files.items())
                if needle in data and not path.startswith(tests)
            )
            self._modules[name] = [module for module in found if module is not None]
        return self._modules[name]

    def _parsed(self, path: str, data: bytes) -> Module | None:
        """A file that has no part in the rewrite; None where it cannot be parsed."""
        known = self._survey.inference.project.modules.get(path)
        if known is not None:
            return known
        try:
            dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            return Module(dotted, Source(path, data))
        except (Unparsed, RecursionError):
            return None

    def _may_be(
        self, receiver: ast.expr, node: ast.expr, module: Module, owner: Class, family: set[str]
    ) -> bool:
        """Whether a receiver may be an instance of the class, in a use that nobody else counts."""
        values = self._survey.inference.values(receiver)
        if values and all(value.kind == "instance" for value in values):
            is_read = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
            return not is_read and any(value.name in family for value in values)
        around = self._class_of_self(receiver, module)
        if around is None:
            return self._may_decorate(receiver, module, owner)
        bases = {base.dotted for base in self._survey.inference.project.ancestry(around)}
        return owner.dotted in bases or around.dotted in family

    def _may_decorate(self, receiver: ast.expr, module: Module, owner: Class) -> bool:
        """Whether the file of the class speaks of the function whose `self` a receiver is.

        Such a function is made for methods; anything else may be an instance.
        """
        function = module.function_around(receiver)
        while function is not None and function.outer is not None:
            function = function.outer
        if function is None or not isinstance(receiver, ast.Name) or receiver.id != "self":
            return True
        return function.name.encode() in owner.module.source.text

    def _class_of_self(self, receiver: ast.expr, module: Module) -> Class | None:
        """The class of which a name is the method's own object."""
        function = module.function_around(receiver)
        while function is not None and function.owner is None:
            function = function.outer
        if function is None or not isinstance(receiver, ast.Name):
            return None
        return function.owner if receiver.id == function.receiver else None


def _uses(module: Module, name: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What an attribute is read or deleted of, or looked up by name in, with the whole."""
    for node in module.all(ast.Attribute):
        if node.attr == name and not isinstance(node.ctx, ast.Store):
            if not _is_module(node, module):
                yield node.value, node
    for call in module.all(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in _BY_NAME and len(call.args) > 1:
            key = call.args[1]
            if isinstance(key, ast.Constant) and key.value == name:
                yield call.args[0], call


def _is_module(node: ast.Attribute, module: Module) -> bool:
    """Whether a name that is imported has the attribute."""
    return isinstance(node.value, ast.Name) and node.value.id in module.imports
