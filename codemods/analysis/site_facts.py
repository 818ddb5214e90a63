# SPDX-License-Identifier: Apache-2.0
"""The conductor calls in one module, and the parts that the statements around them play."""

import ast
import dataclasses
import functools
from collections.abc import Iterator, Mapping

from codemods.analysis.facts import Part, Site, Span
from codemods.analysis.open_calls import why_open
from codemods.analysis.project import Module
from codemods.analysis.sites import why_left
from codemods.analysis.stays import Reason
from codemods.analysis.survey import Survey
from codemods.analysis.written_sites import Sites
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import ITEM_OF_OBJECT, Evidence, Item


@dataclasses.dataclass(frozen=True, eq=False)
class _Call:
    """A call of a row-moving method of the conductor; `left` is why it stays, from its place."""

    node: ast.Call
    call: ConductorCall
    evidence: Evidence
    left: Reason | None


@dataclasses.dataclass(frozen=True, eq=False)
class FoundSite:
    """A site, its place, and the parts that the statements around it play."""

    span: Span
    site: Site
    parts: tuple[tuple[Span, Part], ...]


def site_table(module: Module, survey: Survey, done: frozenset[Item]) -> Mapping[Span, Site]:
    """The conductor calls whose object's work item is done, by place."""
    return {one.span: one.site for one in sites_in(module, survey, done)}


def sites_in(module: Module, survey: Survey, done: frozenset[Item]) -> list[FoundSite]:
    """The conductor calls whose object's work item is done, in source order."""
    path, span = module.source.path, module.source.span

    def site(one: _Call, done: frozenset[Item]) -> FoundSite:
        made = Sites(module, survey, done).site(one.node, one.call, one.evidence, one.left)
        parts = _parts(made, span(module.source.statement(one.node)))
        return FoundSite(span(one.node), made, tuple(parts))

    def find(done: frozenset[Item]) -> list[FoundSite]:
        calls = survey.found(("calls", path), done, lambda _: list(_calls(module, survey)))
        return [
            survey.found(("site", one), done, functools.partial(site, one))
            for one in calls
            if ITEM_OF_OBJECT[one.call.object] in done
        ]

    return survey.found(("sites", path), done, find)


def _calls(module: Module, survey: Survey) -> Iterator[_Call]:
    """The calls of the conductor's row-moving methods, in source order.

    A call that may be of several methods comes once for each of their objects.
    """
    known = conductor_calls()
    for node in module.all(ast.Call):
        values = survey.inference.values(node.func)
        found: dict[str, _Call] = {}
        for value, evidence in values.items():
            if value.kind == "method" and value.name in known:
                call = known[value.name]
                left = why_left(node, call, module, survey.tree) or why_open(node.func, values)
                found.setdefault(call.object, _Call(node, call, evidence, left))
        yield from found.values()


def _parts(site: Site, statement: Span) -> Iterator[tuple[Span, Part]]:
    if site.left is not None or site.call.kind not in ("create", "update"):
        return
    if site.values is not None and site.values.built is not None:
        yield site.values.built, Part("built", site)
        for store, key in site.values.stores:
            yield store, Part("store", site, key)
    yield statement, Part("call", site)
