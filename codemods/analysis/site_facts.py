"""The calls of the conductor in one file, and what the statements around them are to them."""

import ast
import dataclasses
import functools
from collections.abc import Iterator, Mapping

from codemods.analysis.facts import Held, Holding, Part, RowValues, Site, Span
from codemods.analysis.free_names import free_name, names_read
from codemods.analysis.open_calls import why_open
from codemods.analysis.project import Module
from codemods.analysis.row_values import LiteralValues, checked, is_still, literal_values
from codemods.analysis.sites import bind, keeps_dict, passes_keywords_on, why_left
from codemods.analysis.stays import Left
from codemods.analysis.survey import Survey
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import ITEM_OF_OBJECT, Evidence, Item


@dataclasses.dataclass(frozen=True, eq=False)
class _Call:
    """A call of one of the conductor's row-moving methods; `left` is known of its own place."""

    node: ast.Call
    call: ConductorCall
    evidence: Evidence
    left: Left | None


@dataclasses.dataclass(frozen=True, eq=False)
class FoundSite:
    """A site, where it stands, and what the statements around it are to it."""

    span: Span
    site: Site
    parts: tuple[tuple[Span, Part], ...]


def site_table(module: Module, survey: Survey, done: frozenset[Item]) -> Mapping[Span, Site]:
    """The calls of the conductor whose object's work item is done, by place."""
    return {one.span: one.site for one in sites_in(module, survey, done)}


def sites_in(module: Module, survey: Survey, done: frozenset[Item]) -> list[FoundSite]:
    """The calls of the conductor whose object's work item is done, in the order of the source."""
    path, span = module.source.path, module.source.span

    def site(one: _Call, done: frozenset[Item]) -> FoundSite:
        made = _Finder(module, survey, done).site(one.node, one.call, one.evidence, one.left)
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
    """The calls of the conductor's row-moving methods, in the order of the source.

    One that may be of several methods stands here once for each of their objects.
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


class _Finder:
    """Finds what there is to know of one call."""

    def __init__(self, module: Module, survey: Survey, done: frozenset[Item]) -> None:
        self.module = module
        self.survey = survey
        self.done = done

    def site(
        self, node: ast.Call, call: ConductorCall, evidence: Evidence, left: Left | None
    ) -> Site:
        """The call as a site; `left` is the reason to leave it that is known already."""
        arguments = bind(node, call.parameters)
        if left is None and call.kind in ("get", "list"):
            left = self._is_not_added(call)
        if left is not None or arguments is None or call.kind in ("get", "list"):
            return Site(call, evidence, left)
        if call.kind == "destroy":
            variable = free_name(self.module, self.survey.tree, node, call.object)
            return Site(call, evidence, variable=variable)
        if call.kind == "create":
            return self._create(node, call, evidence, arguments)
        if call.named_values:
            return self._named_update(node, call, evidence, arguments)
        return self._update(node, call, evidence, arguments)

    def _is_not_added(self, call: ConductorCall) -> Left | None:
        """Whether the object is one that only an item which is not asked for adds."""
        if self.survey.tree.is_added(call.object) and Item.OBJECT_FIELDS not in self.done:
            return Left("call.no-object", f"{call.object}, which object-fields adds")
        return None

    def _create(
        self,
        node: ast.Call,
        call: ConductorCall,
        evidence: Evidence,
        arguments: dict[str, ast.expr],
    ) -> Site:
        literal = self._literal(arguments["values"], call)
        if literal is not None and literal.stores:
            literal = None
        statement = self.module.source.statement(node)
        variable = free_name(self.module, self.survey.tree, node, call.object)
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        first = literal.statements[0] if literal is not None and literal.statements else statement
        if isinstance(target, ast.Name) and target.id not in names_read(
            self.module, first, statement
        ):
            variable = target.id
        return Site(
            call,
            evidence,
            context=self.module.source.of(arguments["context"]),
            variable=variable,
            values=self._spans(literal),
            keeps_dict=keeps_dict(node, self.module.source),
        )

    def _named_update(
        self,
        node: ast.Call,
        call: ConductorCall,
        evidence: Evidence,
        arguments: dict[str, ast.expr],
    ) -> Site:
        """`instance_update(context, uuid, **values)`, or with the values named."""
        statement = self.module.source.statement(node)
        given = {k: v for k, v in arguments.items() if k not in ("context", "uuid")}
        if "**" not in given:
            found = LiteralValues(tuple(given.items()), ())
            literal = checked(self.survey.tree, call.object, found, True)
        else:
            literal = self._literal(given["**"], call, True) if len(given) == 1 else None
        if literal is None or literal.stores or not is_still(self.module, literal, statement):
            is_open = passes_keywords_on(node, self.module.source)
            return Site(call, evidence, Left("call.open-values" if is_open else "call.arguments"))
        variable = free_name(self.module, self.survey.tree, node, call.object)
        return Site(call, evidence, variable=variable, values=self._spans(literal))

    def _update(
        self,
        node: ast.Call,
        call: ConductorCall,
        evidence: Evidence,
        arguments: dict[str, ast.expr],
    ) -> Site:
        """`service_update(context, row, values)`; a migration's values are its status."""
        row, statement = arguments["row"], self.module.source.statement(node)
        is_object = self._is_written_itself(row, arguments.get("values"), call.object)
        if "status" in arguments:
            literal: LiteralValues | None = LiteralValues((("status", arguments["status"]),), ())
        else:
            literal = self._literal(arguments["values"], call)
            # an object that is made at the call is made behind where the dict is filled
            if (literal is not None and literal.stores and not is_object) or (
                literal is not None and not is_still(self.module, literal, statement)
            ):
                literal = None
        variable = (
            self.module.source.of(row)
            if is_object
            else free_name(self.module, self.survey.tree, node, call.object)
        )
        return Site(
            call,
            evidence,
            variable=variable,
            row_is_object=is_object,
            values=self._spans(literal),
        )

    def _is_written_itself(self, row: ast.expr, values: ast.expr | None, name: str) -> bool:
        """Whether the row is an object that may be saved, with all that was set on it."""
        if not isinstance(row, ast.Name | ast.Attribute):
            return False
        held = self._holding(row)
        if held is None or not held.sure or held.name != name:
            return False
        # a row that is handed over as its own values was written with all that was set on it
        given = self._holding(values) if values is not None else None
        return (given is not None and given.name == name) or (
            name not in self.survey.pending_objects
        )

    def _holding(self, node: ast.expr) -> Holding | None:
        return Held(self.survey.inference.values(node), self.done).object

    def _literal(
        self, node: ast.expr, call: ConductorCall, copied: bool = False
    ) -> LiteralValues | None:
        return literal_values(self.module, self.survey.tree, node, call.object, copied)

    def _spans(self, literal: LiteralValues | None) -> RowValues | None:
        if literal is None:
            return None
        span = self.module.source.span
        return RowValues(
            tuple((key, span(value)) for key, value in literal.pairs),
            span(literal.statements[0]) if literal.statements else None,
            tuple((span(store), key) for store, key, _ in literal.stores),
        )
