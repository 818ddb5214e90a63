# SPDX-License-Identifier: Apache-2.0
"""Find the attributes that hold the conductor's API, and where they are read."""

import ast
import collections
import dataclasses
from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.attribute_uses import AttributeUses
from codemods.analysis.facts import Span
from codemods.analysis.handle_inits import counts_on_init, whole_init
from codemods.analysis.handle_inputs import Input, docstrings_of, inputs_of
from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey
from codemods.analysis.unread import is_without_effect
from codemods.mappings import conductor_calls


@dataclasses.dataclass(frozen=True)
class HandleReading:
    """A place where a handle is read.

    `goes` are the places of the file that are useless without the handle: the
    unit test that only checks that it is set; or the statement that puts a mock
    of it in an attribute, with what makes the mock. `readers` are the places
    that read that attribute. If not `is_needed`, the handle itself is not read:
    a mock replaces the API that it would hold.
    """

    path: str
    span: Span
    goes: tuple[Span, ...] = ()
    readers: tuple[Span, ...] = ()
    is_needed: bool = True


@dataclasses.dataclass(frozen=True)
class Handle:
    """An attribute of a class that a statement sets to the conductor's API and nothing else.

    `statement` sets it; `method` is the whole method if it does nothing but set
    handles; `readings` are the places where it is read on what is, or may be, an
    instance of the class. `inputs` are attributes that only `statement` reads, and
    `told` the docstrings of the keywords that they come from.
    """

    path: str
    name: str
    owner: str
    statement: Span
    method: Span | None
    readings: tuple[HandleReading, ...]
    inputs: tuple[Input, ...] = ()
    told: tuple[tuple[str, Span], ...] = ()


def handles_of(survey: Survey) -> list[Handle]:
    """The handles that the code keeps, by path and place."""
    uses = AttributeUses(survey)
    found = [handle for module in survey.code() for handle in _handles(module, survey, uses)]
    return _with_docstrings(found, survey)


def _with_docstrings(handles: list[Handle], survey: Survey) -> list[Handle]:
    """The handles, each with the docstrings that describe the keywords it is made with."""
    keywords = collections.Counter(
        one.keyword for handle in handles for one in handle.inputs if one.keyword
    )
    told = {name: tuple(docstrings_of(name, count, survey)) for name, count in keywords.items()}
    return [
        dataclasses.replace(
            handle,
            told=tuple(place for one in handle.inputs for place in told.get(one.keyword, ())),
        )
        for handle in handles
    ]


def unread_places(
    handles: Collection[Handle],
    remaining: Mapping[str, frozenset[Span]],
    changed: Collection[str],
    kept: Collection[Handle] = (),
) -> dict[str, set[Span]]:
    """What is no longer read, by path: handles, and what is useless without them.

    `remaining` are the places of readings that are still there, for each file
    that was rewritten. Only files that were `changed` lose handles, and those in
    `kept` stay.
    """
    gone: dict[str, set[Span]] = {}
    candidates = [one for one in handles if one.path in changed and one not in kept]
    unread: list[Handle] = []
    while True:
        new = [
            one
            for one in candidates
            if one not in unread and _is_kept_for_nobody(one, remaining, gone)
        ]
        if not new:
            return _with_methods(_with_docstrings_of(gone, unread, handles), unread, handles)
        unread += new
        for handle in new:
            gone.setdefault(handle.path, set()).add(handle.statement)
            gone[handle.path].update(one.statement for one in handle.inputs)
            for reading in _left(handle, remaining, gone):
                if reading.is_needed or _is_unneeded(reading, candidates, unread, remaining):
                    gone.setdefault(reading.path, set()).update(reading.goes)


def _left(
    handle: Handle, remaining: Mapping[str, frozenset[Span]], gone: Mapping[str, set[Span]]
) -> list[HandleReading]:
    """The readings of a handle that are still there, except for those in code that goes."""
    return [
        one
        for one in handle.readings
        if one.span in remaining.get(one.path, {one.span})
        and not any(
            start <= one.span[0] and one.span[1] <= end for start, end in gone.get(one.path, ())
        )
    ]


def _is_kept_for_nobody(
    handle: Handle, remaining: Mapping[str, frozenset[Span]], gone: Mapping[str, set[Span]]
) -> bool:
    return all(
        reading.goes and remaining.get(reading.path, frozenset()).isdisjoint(reading.readers)
        for reading in _left(handle, remaining, gone)
        if reading.is_needed
    )


def _is_unneeded(
    reading: HandleReading,
    handles: Collection[Handle],
    unread: Collection[Handle],
    remaining: Mapping[str, frozenset[Span]],
) -> bool:
    """Whether nothing reads a mock of the API, and no handle that would hold it stays."""
    asked = not remaining.get(reading.path, frozenset()).isdisjoint(reading.readers)
    return not asked and all(one in unread for one in handles if reading in one.readings)


def _with_docstrings_of(
    gone: dict[str, set[Span]], unread: Collection[Handle], handles: Collection[Handle]
) -> dict[str, set[Span]]:
    """What goes, including the docstrings that are not true of any handle that stays."""
    kept = {place for one in handles if one not in unread for place in one.told}
    for path, span in {place for one in unread for place in one.told} - kept:
        gone.setdefault(path, set()).add(span)
    return gone


def _with_methods(
    gone: dict[str, set[Span]], unread: Collection[Handle], handles: Collection[Handle]
) -> dict[str, set[Span]]:
    """What goes, with a whole method instead of its statements if all of these go."""
    kept = {(one.path, one.method) for one in handles if one not in unread}
    for one in unread:
        if one.method is not None and (one.path, one.method) not in kept:
            gone[one.path] -= {one.statement}
            gone[one.path] |= {one.method}
    return gone


def _handles(module: Module, survey: Survey, uses: AttributeUses) -> Iterator[Handle]:
    source, found = module.source, list(_statements(module, survey))
    nodes = {node for node, _, _ in found}
    for node, owner, name in found:
        method = whole_init(module, node, nodes)
        read = list(_readings(owner, name, survey))
        known = {(one.path, one.span): one for one in (_reading(*pair, survey) for pair in read)}
        # there is no need to search the whole tree for a handle that stays anyway
        stays = any(_is_for_good(node, one) for one, node in read)
        others = [
            HandleReading(path, span)
            for path, span in (() if stays else uses.of(owner, name))
            if (path, span) not in known
        ]
        others += _mocked(module, survey)
        if not stays and method is not None and any(map(counts_on_init, uses.heirs(owner))):
            method = None
        yield Handle(
            source.path,
            name,
            owner.dotted,
            source.span(node),
            source.span(method) if method is not None else None,
            (*known.values(), *others),
            () if stays else inputs_of(module, node, owner, survey, uses),
        )


def _statements(module: Module, survey: Survey) -> Iterator[tuple[ast.Assign, Class, str]]:
    """The statements that set handles, each with the class and the name of the attribute."""
    inference = survey.inference
    for node in module.all(ast.Assign):
        target = node.targets[0]
        held = inference.values(node.value)
        if len(node.targets) != 1 or not isinstance(target, ast.Attribute) or not held:
            continue
        if any(value.kind != "handle" for value in held):
            continue
        if not is_without_effect(node.value, inference):
            continue
        owners = {v.name for v in inference.values(target.value) if v.kind == "instance"}
        found = inference.project.find_class(min(owners)) if len(owners) == 1 else None
        if found is not None:
            yield node, found, target.attr


def _readings(owner: Class, name: str, survey: Survey) -> Iterator[tuple[Module, ast.Attribute]]:
    """Where the handle is read on what inference knows to be an instance of the class."""
    family = set(survey.inference.attribute_owners(owner.dotted))
    for path in sorted(survey.inference.readers_of(owner.dotted, name) & survey.modules.keys()):
        module = survey.modules[path]
        for node in module.attributes(name):
            if isinstance(node.ctx, ast.Load):
                bases = survey.inference.values(node.value)
                if any(v.kind == "instance" and v.name in family for v in bases):
                    yield module, node


def _is_for_good(node: ast.Attribute, module: Module) -> bool:
    """Whether the handle is read for a method that moves no rows: no rule removes such calls."""
    parent = module.source.parent(node)
    return isinstance(parent, ast.Attribute) and parent.attr not in conductor_calls()


def _mocked(module: Module, survey: Survey) -> Iterator[HandleReading]:
    """Where tests of a module replace the API with a mock of their own."""
    for path in survey.modules:
        if not survey.is_test(path) or module.dotted not in survey.modules[path].imports.values():
            continue
        span = survey.modules[path].source.span
        for held in survey.mocked_conductors(path).held:
            if held.handle is None and held.is_alone and held.beside:
                goes, readers = (span(held.statement), *held.beside), map(span, held.readings)
                yield HandleReading(path, span(held.statement), goes, tuple(readers), False)


def _reading(module: Module, node: ast.Attribute, survey: Survey) -> HandleReading:
    path, span = module.source.path, module.source.span
    if not survey.is_test(path):
        return HandleReading(path, span(node))
    for held in survey.mocked_conductors(path).held:
        if held.handle is node and held.is_alone:
            goes = (span(held.statement), *held.beside)
            return HandleReading(path, span(node), goes, tuple(map(span, held.readings)))
    test = _asking_test(module, node)
    return HandleReading(path, span(node), (test,) if test is not None else ())


def _asking_test(module: Module, node: ast.Attribute) -> Span | None:
    """The test whose only statement asserts that the attribute is not None."""
    call, function = module.source.parent(node), module.function_around(node)
    if function is None or not isinstance(function.node, ast.FunctionDef):
        return None
    body = function.node.body
    asks = (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "assertIsNotNone"
        and call.args[0] is node
        and len(body) == 1
        and isinstance(body[0], ast.Expr)
        and body[0].value is call
    )
    name = function.node.name
    is_test = name.startswith("test") and not module.attributes(name)
    return module.source.span(function.node) if asks and is_test else None
