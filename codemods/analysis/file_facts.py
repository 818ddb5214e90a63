"""From what inference found of `ast` nodes to the facts of one file, keyed by bytes."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from codemods.analysis.adoption import adoption
from codemods.analysis.commands import registrations
from codemods.analysis.compared import compared_in
from codemods.analysis.dict_fields import dict_fields
from codemods.analysis.expected_stats import expected_stats
from codemods.analysis.facts import Facts, Held, Holding, Part, RowValues, Site, Span
from codemods.analysis.free_names import free_name, names_read
from codemods.analysis.method_stubs import method_stubs
from codemods.analysis.object_places import changes_in
from codemods.analysis.open_calls import why_open
from codemods.analysis.overrides import overrides
from codemods.analysis.project import Module
from codemods.analysis.relations import readings_of
from codemods.analysis.remote_objects import made_remote
from codemods.analysis.row_values import LiteralValues, checked, is_still, literal_values
from codemods.analysis.sites import bind, keeps_dict, passes_keywords_on, why_left
from codemods.analysis.stays import Left
from codemods.analysis.survey import Survey
from codemods.analysis.suspects import Suspect
from codemods.analysis.unread import admin_contexts, unread_aliases
from codemods.analysis.versions import field_in, texts_in
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import ITEM_OF_OBJECT, Evidence, Item


def facts_of(module: Module, survey: Survey, done: frozenset[Item]) -> Facts:
    """The facts of a file once the work items `done` are done."""
    source, is_test = module.source, survey.inference.is_test(module)
    expressions = survey.expressions(module)
    holds = {span: Held(values, done) for span, values in expressions.items()}
    sites: dict[Span, Site] = {}
    parts: dict[Span, Part] = {}
    for node, call, evidence, left in _calls(module, survey, done):
        site = _Finder(module, survey, done).site(node, call, evidence, left)
        sites[source.span(node)] = site
        parts.update(_parts(site, source.span(source.statement(node))))
    rewritten = {span for span, site in sites.items() if site.left is None}
    aliases = unread_aliases(module, survey.inference, rewritten, survey.name_uses)
    compared = compared_in(module, survey, done, sites) if not is_test else None
    registered = registrations(module, survey.tree, done)
    others: dict[str, Mapping[Span, Any]] = {
        "dict_fields": dict_fields(module, survey, done, sites) if not is_test else {},
        "readings": readings_of(module, survey, done) if not is_test else {},
        "dict_variables": compared.variables if compared is not None else {},
        "compared": compared.operands if compared is not None else {},
        "adoption": adoption(module, survey.tree),
        "registrations": registered.behind,
        "unregistered": registered.left,
        "suspects": _suspects(module, survey, done) if not is_test else {},
        "changes": changes_in(module, survey, done),
    }
    if survey.additions.text_versions:
        others["version_texts"] = texts_in(module, survey.tree, done)
        others["version_field"] = field_in(module, survey.tree, done)
    if is_test:
        others |= _facts_of_tests(module, survey, done)
    leftovers = tuple(admin_contexts(module, survey.tree.package)) if parts else ()
    if is_test:
        leftovers += survey.mocked_conductors(source.path).aliases
    return Facts(source.path, done, holds, sites, parts, frozenset(aliases), leftovers, others)


def _suspects(module: Module, survey: Survey, done: frozenset[Item]) -> Mapping[Span, Suspect]:
    found = survey.suspects(module)
    return {span: suspect for span, suspect in found.items() if suspect.item in done}


def _facts_of_tests(
    module: Module, survey: Survey, done: frozenset[Item]
) -> dict[str, Mapping[Span, Any]]:
    """The facts about what a file of unit tests replaces."""
    path = module.source.path
    stubs, mocks = survey.stubs(path), survey.conductor_mocks(path)
    conductors = survey.mocked_conductors(path)
    return {
        "stubs": stubs.calls,
        "fakes": stubs.fakes,
        "migration_rows": stubs.migrations,
        "row_texts": stubs.texts,
        "method_stubs": method_stubs(module, survey, done),
        "overrides": overrides(module, survey, done),
        "update_stubs": survey.update_stubs(path),
        "expected_stats": expected_stats(module, survey.tree),
        "made_remote": made_remote(module),
        "row_fixtures": survey.row_fixtures(path),
        "conductor_mocks": mocks.mocks,
        "mocked_rows": mocks.rows,
        "save_expectations": mocks.expectations,
        "mocked_methods": conductors.methods,
        "tests_of_methods": conductors.tests,
        "created_parts": conductors.parts,
        "held_mocks": {module.source.span(one.statement): True for one in conductors.held},
    }


def _calls(
    module: Module, survey: Survey, done: frozenset[Item]
) -> Iterator[tuple[ast.Call, ConductorCall, Evidence, Left | None]]:
    """The calls of the conductor's row-moving methods, in the order of the source."""
    known = conductor_calls()
    for node in module.all(ast.Call):
        values = survey.inference.values(node.func)
        for value, evidence in values.items():
            if value.kind == "method" and value.name in known:
                call = known[value.name]
                if ITEM_OF_OBJECT[call.object] in done:
                    left = why_left(node, call, module, survey.tree)
                    yield node, call, evidence, left or why_open(node.func, values)
                    break


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
