# SPDX-License-Identifier: Apache-2.0
"""Find what may use an attribute anywhere in the tree, even in files that were not analyzed."""

import ast
import builtins
import re
from collections.abc import Iterator

from codemods.analysis.facts import Span
from codemods.analysis.instances import Instances
from codemods.analysis.kept_values import class_around
from codemods.analysis.named_attributes import BY_NAME
from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey

#: A word. A pattern that begins with literal text is found faster.
_SAID = (rb"%b(?<=\b%b)\b",)

#: A class that is named as a base, or given another name to serve as one.
_INHERITED = (
    rb"class(?<=\bclass)\s+\w+\s*\([^)]*\b%b\b",
    rb"%b(?<=\b%b)[ \t]+as\b",
    rb"=\s*[\w.]*\b%b[ \t]*\n",
)


class AttributeUses:
    """The uses of attributes by name, in the code and in unit tests."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._project = survey.inference.project.aside()
        self._instances = Instances(survey.inference, self._project)
        self._mentioning: dict[tuple[str, tuple[bytes, ...]], list[tuple[str, Module | None]]] = {}
        self._uses: dict[tuple[Module, str], list[tuple[ast.expr | None, ast.expr]]] = {}
        self._naming: dict[tuple[Module, bytes], bool] = {}
        #: The dotted names that each file imports.
        self._imported: dict[Module, set[str]] = {}
        self._families: dict[str, frozenset[str]] = {}

    def of(self, owner: Class, name: str) -> Iterator[tuple[str, Span]]:
        """The places where an attribute of a class may be read, deleted or named.

        A file that cannot be parsed counts as one such place.
        """
        family = self.family(owner)
        for path, module in self._files(name):
            if module is None:
                yield path, (0, len(self._project.files[path]))
                continue
            if (module, name) not in self._uses:
                self._uses[module, name] = list(_uses(module, name))
            for receiver, node in self._uses[module, name]:
                if self._may_be(receiver, node, module, owner, family):
                    yield path, module.source.span(node)

    def family(self, owner: Class) -> frozenset[str]:
        """The classes whose methods may have an instance of a class, or a subclass, as `self`."""
        if owner.dotted not in self._families:
            line = [owner, *self.heirs(owner)]
            found = {base.dotted for one in line for base in self._project.ancestry(one)}
            self._families[owner.dotted] = frozenset(found)
        return self._families[owner.dotted]

    def heirs(self, owner: Class) -> list[Class]:
        """The tree's subclasses of a class, direct or not."""
        found: dict[str, Class] = {}
        waiting = [owner]
        while waiting:
            parent = waiting.pop()
            for _, module in self._files(parent.name.rpartition(".")[2], _INHERITED):
                for one in module.classes.values() if module is not None else ():
                    bases = {base.dotted for base in self._project.ancestry(one)[1:]}
                    if parent.dotted in bases and one.dotted not in found:
                        found[one.dotted] = one
                        waiting.append(one)
        return list(found.values())

    def _files(self, word: str, ways: tuple[bytes, ...] = _SAID) -> list[tuple[str, Module | None]]:
        """The files in which a word matches one of `ways`; None for one that cannot be parsed."""
        if (word, ways) not in self._mentioning:
            needle = word.encode()
            patterns = [re.compile(way.replace(b"%b", needle)) for way in ways]
            self._mentioning[word, ways] = [
                (path, self._project.load(path))
                for path, data in sorted(self._project.files.items())
                if needle in data and any(pattern.search(data) for pattern in patterns)
            ]
        return self._mentioning[word, ways]

    def _may_be(
        self,
        receiver: ast.expr | None,
        node: ast.expr,
        module: Module,
        owner: Class,
        family: frozenset[str],
    ) -> bool:
        """Whether a receiver may be an instance of the class; None is an unknown receiver."""
        around = class_around(node, module)
        if receiver is None:
            is_own = around is not None and around[0].dotted in family
            return is_own or module is owner.module or self._speaks_of(owner, module)
        classes = self._instances.classes(receiver, module)
        if classes is not None:
            return any(one in family or self._is_open(one) for one in classes)
        if around is not None and isinstance(receiver, ast.Name):
            if receiver.id == around[1].receiver:
                return around[0].dotted in family or self._is_open(around[0].dotted)
        if self._survey.inference.is_test_name(module.dotted):
            return self._speaks_of(owner, module)
        return self._may_decorate(receiver, module, owner)

    def _is_open(self, dotted: str) -> bool:
        """Whether a class may inherit from anything, because one of its bases is not known."""
        found = self._project.find_class(dotted)
        return found is not None and any(
            len(one.bases) < len(one.node.bases)
            or any(self._is_open_base(base, one) for base in one.bases)
            for one in self._project.ancestry(found)
        )

    def _is_open_base(self, base: str, heir: Class) -> bool:
        """Whether a base is a variable of the tree, so that it may be any class."""
        head, _, name = base.rpartition(".")
        if head == heir.module.dotted and hasattr(builtins, name):
            return False
        return self._project.is_module(head) and self._project.find_class(base) is None

    def _speaks_of(self, owner: Class, module: Module) -> bool:
        """Whether a file names a class or imports its module."""
        word = owner.name.rpartition(".")[2].encode()
        if (module, word) not in self._naming:
            text = module.source.text
            found = word in text and re.search(rb"\b%b\b" % word, text)
            self._naming[module, word] = bool(found)
        if self._naming[module, word]:
            return True
        if module not in self._imported:
            several = [module.imports, *(one.local_imports for one in module.all_functions)]
            self._imported[module] = {name for names in several for name in names.values()}
        return owner.module.dotted in self._imported[module]

    def _may_decorate(self, receiver: ast.expr, module: Module, owner: Class) -> bool:
        """Whether a receiver may be an instance, as its function may become a method.

        A function may if the file of the class names it, or if its own file names the
        class and assigns the function to something. Any receiver that is not the `self`
        of a function may be an instance.
        """
        function = module.function_around(receiver)
        while function is not None and function.outer is not None:
            function = function.outer
        if function is None or not isinstance(receiver, ast.Name) or receiver.id != "self":
            return True
        name = function.name.encode()
        is_set = re.search(rb"=[ \t]*%b\b" % name, module.source.text) is not None
        return name in owner.module.source.text or (is_set and self._speaks_of(owner, module))


def _uses(module: Module, name: str) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    """Where an attribute is read, deleted or named: receiver, None if unknown, and place."""
    for node in module.attributes(name):
        if not isinstance(node.ctx, ast.Store) and not _is_module(node, module):
            yield node.value, node
    is_by_name = any(one in module.source.text for one in BY_NAME)
    # `Class.name` or `name.more`; the name alone counts only if the file looks names up
    path = re.compile(rf"(?:.*\.)?_*[A-Z]\w*\.{name}|{name}\..+")
    for text in module.all(ast.Constant):
        if not isinstance(text.value, str) or name not in text.value:
            continue
        call = module.source.parent(text)
        is_second = isinstance(call, ast.Call) and call.args[1:2] == [text]
        if isinstance(call, ast.Call) and is_second and text.value == name:
            yield call.args[0], call
        elif (is_by_name and text.value == name) or path.fullmatch(text.value):
            yield None, text


def _is_module(node: ast.Attribute, module: Module) -> bool:
    """Whether the attribute is one of an imported name."""
    return isinstance(node.value, ast.Name) and node.value.id in module.imports
