# SPDX-License-Identifier: Apache-2.0
"""Rules from outside the package: from installed packages and from files that the user names.

They are code that the user has chosen to run. Nothing is searched for in the
tree being rewritten.
"""

import contextlib
import difflib
import graphlib
import hashlib
import importlib
import importlib.util
import inspect
import pathlib
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from codemods.errors import BadRule
from codemods.offered import RULES as GROUP
from codemods.offered import offered
from codemods.rewriting.rule import Rule
from codemods.rules import RULES
from codemods.rules.code.base import CodeRule
from codemods.rules.objects.base import ObjectRule
from codemods.rules.tests.base import TestRule

Rules = tuple[type[Rule], ...]

_KINDS = (CodeRule, TestRule, ObjectRule)
_NAMES = "CodeRule, TestRule or ObjectRule of codemods.api"

#: The rules loaded in this process, by name, for the outputs that report their edits.
_loaded: dict[str, type[Rule]] = {}


def own_rules(named: Iterable[pathlib.Path | type] = ()) -> Rules:
    """The rules in `named` and those of installed packages; raises `BadRule`.

    Those in `named` come first, and each rule comes before the rules it replaces.
    """
    rules = [
        rule
        for one in named
        for rule in (rules_in(one) if isinstance(one, pathlib.Path) else (_required(one, one),))
    ]
    found = tuple(dict.fromkeys([*rules, *_offered()]))
    _require_names(found)
    _loaded.update({one.name(): one for one in found})
    return _in_order(found)


def known_rules() -> Rules:
    """All rules of the package, and the loaded ones from outside."""
    return (*RULES, *_loaded.values())


def rules_in(path: pathlib.Path) -> Rules:
    """The rules in a module, or in the modules of a folder; raises `BadRule`."""
    if path.is_dir():
        files = [
            one for one in sorted(path.glob("*.py")) if not one.name.startswith(("_", "test_"))
        ]
        found = tuple(one for file in files for one in _rules_of(_imported(file), file))
    elif path.suffix == ".py" and path.is_file():
        found = _rules_of(_imported(path), path)
    else:
        raise BadRule(f"{path}: no module and no folder of modules; --rules names one")
    if not found:
        raise BadRule(f"{path}: no rule in it; derive one from {_NAMES}")
    return found


def looks_at_code(rule: type[Rule]) -> bool:
    """Whether a rule from outside looks at the program."""
    return issubclass(rule, CodeRule)


def looks_at_tests(rule: type[Rule]) -> bool:
    """Whether a rule from outside looks at unit tests."""
    return issubclass(rule, TestRule) or (issubclass(rule, CodeRule) and rule.TESTS_TOO)


def looks_at_objects(rule: type[Rule]) -> bool:
    """Whether a rule from outside looks at the tree's objects package."""
    return issubclass(rule, ObjectRule)


def _offered() -> Iterator[type[Rule]]:
    for point in offered(GROUP):
        where = f"the entry point {point.name} = {point.value} of {GROUP}"
        with _failing(where):
            found = point.load()
        if isinstance(found, types.ModuleType):
            rules = _rules_of(found, where)
        else:
            rules = (_required(found, where),)
        if not rules:
            raise BadRule(f"{where}: no rule in it; derive one from {_NAMES}")
        yield from rules


def _rules_of(module: types.ModuleType, where: object) -> Rules:
    """The rules of a module: those in its `RULES`, or else the one class that it defines."""
    if "RULES" in vars(module):
        return tuple(_required(one, where) for one in module.RULES)
    found = [
        one
        for name, one in vars(module).items()
        if inspect.isclass(one)
        and issubclass(one, Rule)
        and one.__module__ == module.__name__
        and not name.startswith("_")
    ]
    if len(found) > 1:
        names = ", ".join(one.__name__ for one in found)
        raise BadRule(f"{where}: {names}: a rule has the name of its module; give each its own")
    return tuple(_required(one, where) for one in found)


def _required(found: Any, where: object) -> type[Rule]:
    if not inspect.isclass(found) or not issubclass(found, _KINDS) or found in _KINDS:
        name = getattr(found, "__name__", repr(found))
        raise BadRule(f"{where}: {name} is not a rule; derive it from {_NAMES}")
    return found


@contextlib.contextmanager
def _failing(where: object) -> Iterator[None]:
    """Raise an error from the rule's own module as a `BadRule` that says where it is."""
    try:
        yield
    except BadRule:
        raise
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        raise BadRule(f"{where}: cannot be imported: {text}") from error


def _imported(file: pathlib.Path) -> types.ModuleType:
    """Import a file as a module of a package for its folder, without writing bytecode there."""
    folder = file.resolve().parent
    package = f"own_rules_{hashlib.sha1(str(folder).encode()).hexdigest()[:8]}"
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with _failing(file):
            if package not in sys.modules:
                _add_package(package, folder)
            return importlib.import_module(f"{package}.{file.stem}")
    finally:
        sys.dont_write_bytecode = writes


def _add_package(name: str, folder: pathlib.Path) -> None:
    spec = importlib.util.spec_from_loader(name, None, is_package=True)
    assert spec is not None
    spec.submodule_search_locations = [str(folder)]
    sys.modules[name] = importlib.util.module_from_spec(spec)


def _require_names(found: Sequence[type[Rule]]) -> None:
    """Raise `BadRule` if two rules share a name, or if one replaces a rule that does not exist."""
    names: dict[str, type[Rule]] = {one.name(): one for one in RULES}
    for rule in found:
        if rule.name() in names:
            other = names[rule.name()].__module__
            raise BadRule(f"{_file(rule)}: {other} has the name {rule.name()} already; rename it")
        names[rule.name()] = rule
    for rule in found:
        for name in rule.INSTEAD_OF:
            if name not in names:
                near = difflib.get_close_matches(name, sorted(names), 1)
                meant = f"; did you mean {near[0]}?" if near else ""
                raise BadRule(f"{_file(rule)}: INSTEAD_OF: there is no rule {name}{meant}")


def _file(rule: type[Rule]) -> str:
    return inspect.getfile(rule)


def _in_order(found: Rules) -> Rules:
    """The rules, each before those that it replaces."""
    by_name = {one.name(): one for one in found}
    sorter = graphlib.TopologicalSorter[str](dict.fromkeys(by_name, ()))
    for rule in found:
        for name in rule.INSTEAD_OF:
            if name in by_name:
                sorter.add(name, rule.name())
    try:
        return tuple(by_name[name] for name in sorter.static_order())
    except graphlib.CycleError as error:
        names = " and ".join(sorted(set(error.args[1])))
        raise BadRule(f"{names} each come in the other's place; decide on one") from None
