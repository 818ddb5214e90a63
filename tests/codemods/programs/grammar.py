# SPDX-License-Identifier: Apache-2.0
"""Make the text of a program out of its steps."""

from collections.abc import Iterator, Set

from filling import Filling
from forms import HANDLES
from places import ClassText, FileText, Scope, indented
from running import Program
from steps import Plan, Step

ONE, TWO, ROWS = "nova/compute/one.py", "nova/compute/two.py", "nova/compute/rows.py"
DISPATCHER = "nova/compute/dispatcher.py"
_DISPATCHER = """\
def call(manager, context, name, service):
    return getattr(manager, name)(context, {'host': service['host'], 'topic': 'sent'})
"""

#: The imports that a text needs for the names in it.
_IMPORTS = {
    "conductor.API": "from nova import conductor",
    "exception.": "from nova import exception",
    "rows.": "from nova.compute import rows",
}


class Renderer:
    """Makes one program; `features` are those whose expressions may stand in it."""

    def __init__(self, plan: Plan, features: Set[str]) -> None:
        self.plan = plan
        self.features = features
        self.handle = HANDLES[plan.handle]
        self.files = {path: FileText() for path in (ONE, TWO, ROWS)}
        self.functions = self.files[ROWS]
        first = ClassText("First", self.files[ONE])
        self.first = first
        self.second = ClassText("Second", self.files[TWO], first if plan.inherits else None)
        self.third: ClassText | None = None
        self._names = 0
        #: Rows that were stored since they were read, where these are not to be read any more.
        self.stale: set[str] = set()

    def program(self) -> Program:
        """The program of the plan."""
        calls = []
        for number, part in enumerate(self.plan.parts):
            klass = self.second if part.in_second else self.first
            method = f"part{number}"
            scope = Scope(klass.file, klass, self.handle.expression)
            scope.variables += [(kind, f"self.{name}") for name, kind in self._attributes(klass)]
            body = self.block(part.steps, scope) or ["pass"]
            head = f"def {method}(self, context, said):"
            klass.methods.append("\n".join([head, *indented(body)]))
            calls.append((klass, method))
        return Program(self._texts(), tuple(self._calls(calls)))

    def _attributes(self, klass: ClassText) -> list[tuple[str, str]]:
        return list(klass.all_attributes().items())

    def _calls(self, calls: list[tuple[ClassText, str]]) -> Iterator[tuple[str, str, str]]:
        for klass in (self.first, self.second, self.third):
            for owner, method in calls if klass is not None else ():
                if klass is owner or (klass and klass.base is not None and self._is(klass, owner)):
                    path = ONE if klass is self.first else TWO
                    yield path[:-3].replace("/", "."), klass.name, method

    def _is(self, klass: ClassText | None, owner: ClassText) -> bool:
        return klass is owner or (klass is not None and self._is(klass.base, owner))

    def subclass(self, klass: ClassText) -> ClassText:
        """The class that overrides methods of this one, in the second file."""
        if klass is self.first:
            self.second.base = klass
            return self.second
        if self.third is None:
            self.third = ClassText("Third", self.files[TWO], self.second)
        return self.third

    def fresh(self, base: str) -> str:
        """A name that stands nowhere else."""
        self._names += 1
        return f"{base}{self._names}"

    def block(self, steps: tuple[Step, ...], scope: Scope) -> list[str]:
        """The lines of the steps."""
        return [line for step in steps for line in Filling(self, step, scope).lines()]

    def _texts(self) -> dict[str, str]:
        self.files[ONE].classes.append(self.first)
        if self.second.methods or self.second.base is not None:
            self.files[TWO].classes.append(self.second)
        if self.third is not None:
            self.files[TWO].classes.append(self.third)
        texts = {path: self._text(file) for path, file in self.files.items()}
        texts = {path: text for path, text in texts.items() if text}
        if any("import dispatcher" in text for text in texts.values()):
            texts[DISPATCHER] = _DISPATCHER
        return texts

    def _text(self, file: FileText) -> str:
        pieces = [*file.functions, *(self._class_text(one) for one in file.classes)]
        if file.classes and self.handle.module:
            pieces.insert(0, self.handle.module)
        text = "\n\n\n".join(pieces)
        imports = {line for needle, line in _IMPORTS.items() if needle in text} | file.imports
        if "one.First" in text:
            imports.add("from nova.compute import one")
        return "\n".join([*sorted(imports), "\n", text, ""]) if text else ""

    def _class_text(self, klass: ClassText) -> str:
        base = {None: "object", self.first: "one.First"}.get(klass.base, "Second")
        lines = [f"{name} = None" for name in klass.attributes]
        pieces = ["\n".join(lines)] if lines else []
        if klass.base is None:
            pieces += [self.handle.in_class] if self.handle.in_class else []
        body = "\n\n".join([*pieces, *klass.methods]) or "pass"
        return "\n".join([f"class {klass.name}({base}):", *indented(body.split("\n"))])
