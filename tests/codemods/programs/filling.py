# SPDX-License-Identifier: Apache-2.0
"""Fill the holes of a form."""

import re
from collections.abc import Callable, Set
from typing import Protocol

from forms import FORMS, Handle
from places import ClassText, FileText, Scope
from steps import Step
from vocabulary import DICTS, EXPRESSIONS, KEYS, WORDS

_HOLE = re.compile(r"<([A-Za-z]+\d?(?: [a-z_]+)*)>")
_PLACE = re.compile(r"^@(method|module|elsewhere|override|import)$", re.MULTILINE)
_ROWS = tuple(KEYS)


class Around(Protocol):
    """The program that a form becomes part of."""

    features: Set[str]
    handle: Handle
    functions: FileText
    stale: set[str]

    def fresh(self, base: str) -> str:
        """A name that stands nowhere else."""

    def subclass(self, klass: ClassText) -> ClassText:
        """The class that overrides methods of this one, in the second file."""

    def block(self, steps: tuple[Step, ...], scope: Scope) -> list[str]:
        """The lines of the steps."""


class Filling:
    """One step's form on its way to lines."""

    def __init__(self, around: Around, step: Step, scope: Scope) -> None:
        self.around, self.step, self.scope = around, step, scope
        forms = FORMS[step.feature]
        self.form = forms[step.form % len(forms)]
        self._picks = iter(step.picks)
        self._blocks = iter(step.blocks)
        self._own: dict[str, str] = {}
        self._same: dict[str, str] = {}
        self._bound: list[tuple[str, str]] = []
        self._row = "service"
        if re.search(r"\brow>", self.form):
            there = [kind for kind, _ in reversed(scope.variables) if kind in _ROWS]
            self._row = self.pick([*dict.fromkeys(there), *_ROWS])

    def pick(self, choices: list[str]) -> str:
        """One of the choices; the first when nothing is left to pick."""
        return choices[next(self._picks, 0) % len(choices)]

    def lines(self) -> list[str]:
        """The lines of the form; what it needs elsewhere is put there."""
        main, *sections = _PLACE.split(self.form)
        if self.scope.klass is None and "override" in sections[::2]:
            # a function of a module has no heir
            return []
        lines = self._filled(main, self.scope)
        for place, text in zip(sections[::2], sections[1::2], strict=True):
            self._put(place, text.strip("\n"))
        return lines

    def _put(self, place: str, text: str) -> None:
        file, klass, around = self.scope.file, self.scope.klass, self.around
        if place == "import":
            file.imports.add(text)
        elif place == "module" or (place == "method" and klass is None):
            file.functions.append(self._definition(text, Scope(file, None, "conductor.API()")))
        elif place == "elsewhere":
            there = around.functions
            there.functions.append(self._definition(text, Scope(there, None, "conductor.API()")))
        else:
            assert klass is not None
            target = klass if place == "method" else around.subclass(klass)
            self._own["Class"] = target.name
            scope = Scope(target.file, target, around.handle.expression)
            target.methods.append(self._definition(text, scope))

    def _definition(self, text: str, scope: Scope) -> str:
        return "\n".join(self._filled(text, scope))

    def _filled(self, text: str, scope: Scope) -> list[str]:
        lines: list[str] = []
        for line in text.strip("\n").split("\n"):
            indent = line[: len(line) - len(line.lstrip())]
            found = re.fullmatch(r"<(block|closure)((?: [a-z]+)*)>", line.strip())
            if found is not None:
                lines += [indent + one for one in self._block(found, scope)]
                continue
            self._bound = []
            lines.append(self._line(line, scope))
            if "_update(" in lines[-1] and "update_stale" not in self.around.features:
                head, _, rest = lines[-1].rpartition(" = ")
                self.around.stale |= {n for _, n in scope.variables if n in rest and n not in head}
            scope.variables += self._bound
        return lines

    def _block(self, found: "re.Match[str]", scope: Scope) -> list[str]:
        inner = scope.inner(is_nested=found[1] == "closure")
        inner.variables += [(kind, kind) for kind in found[2].split()]
        return self.around.block(next(self._blocks, ()), inner) or ["pass"]

    def _line(self, line: str, scope: Scope) -> str:
        head, equals, rest = line.partition(" = ")
        is_loop = line.lstrip().startswith(("for ", "with "))
        if equals and not is_loop:
            # the targets last: what is assigned does not see them
            rest = self._holes(rest, scope, binds=False) if "<same" not in rest else rest
            head = self._holes(head, scope, binds=True)
            return f"{head} = {self._holes(rest, scope, binds=False)}"
        return self._holes(line, scope, binds=is_loop)

    def _holes(self, text: str, scope: Scope, binds: bool) -> str:
        while (found := _HOLE.search(text)) is not None:
            text = text[: found.start()] + self._hole(found[1], scope, binds) + text[found.end() :]
        return text

    def _hole(self, hole: str, scope: Scope, binds: bool) -> str:
        word, _, kind = hole.partition(" ")
        kind = self._row if kind == "row" else kind
        special: dict[str, Callable[[], str]] = {
            "new": lambda: self._new(kind, scope, binds),
            "same": lambda: self._same[kind],
            "turned": lambda: self._turned(*kind.split(" "), scope),
            "fresh": lambda: self._fresh(kind),
            "stored": lambda: self._stored(kind, scope),
            "dict": lambda: DICTS[kind],
            "key": lambda: self.pick(list(KEYS[kind or self._row])),
            "word": lambda: self.pick(list(WORDS[kind or self._row])),
            "attribute": lambda: self._attribute(kind, scope),
            "api": lambda: self._variable("api", scope, [scope.api]),
            "context": lambda: self._context(scope),
            "row": lambda: self._expression(self._row, scope),
        }
        if word in special:
            return special[word]()
        if word.rstrip("23") in ("name", "Name", "Class"):
            return self._own.setdefault(word, self.around.fresh(word.rstrip("23")))
        return self._expression(word, scope)

    def _expression(self, kind: str, scope: Scope) -> str:
        if kind in ("number", "text", "flag", "values"):
            return self._variable(kind, scope, self._alternatives(kind))
        return self._variable(kind, scope, [f"<fresh {kind}>"])

    def _variable(self, kind: str, scope: Scope, otherwise: list[str]) -> str:
        there = [name for one, name in reversed(scope.variables) if one == kind]
        names = [name for name in there if name not in self.around.stale]
        return self.pick([*dict.fromkeys(names), *otherwise])

    def _stored(self, kind: str, scope: Scope) -> str:
        # what is read of a row after it was stored is a feature, that can be off
        is_on = "update_stale" in self.around.features
        return self._expression(kind, scope) if is_on else self._fresh(kind)

    def _alternatives(self, kind: str) -> list[str]:
        return [text for feature, text in EXPRESSIONS[kind] if feature in self.around.features]

    def _turned(self, kind: str, other: str, scope: Scope) -> str:
        name = self._same[kind]
        scope.variables[:] = [one for one in scope.variables if one[1] != name]
        self._bound.append((other, name))
        return name

    def _fresh(self, kind: str) -> str:
        return self.pick(self._alternatives(kind))

    def _context(self, scope: Scope) -> str:
        users = [name for kind, name in scope.variables if kind == "user"]
        return self.pick(["context", *(f"{one}.elevated()" for one in users), *users])

    def _attribute(self, kind: str, scope: Scope) -> str:
        if scope.klass is None:
            return self._own.setdefault("attribute", self.around.fresh("attribute"))
        if "attribute" not in self._own:
            there = [n for n, k in scope.klass.all_attributes().items() if k == kind]
            name = self.pick([*there, ""]) or self.around.fresh(f"kept_{kind}")
            scope.klass.attributes.setdefault(name, kind)
            self._own["attribute"] = name
        return self._own["attribute"]

    def _new(self, kind: str, scope: Scope, binds: bool) -> str:
        names = []
        if binds and not scope.is_nested:
            local = [(k, n) for k, n in reversed(scope.variables) if "." not in n]
            names += [n for k, n in local if k == kind and "rebind" in self.around.features]
            names += [n for k, n in local if k != kind and "rebind_kind" in self.around.features]
        name = self.pick(["", *dict.fromkeys(names)]) or self.around.fresh(kind)
        self._same[kind] = name
        if binds:
            scope.variables[:] = [one for one in scope.variables if one[1] != name]
            self._bound.append((kind, name))
        return name
