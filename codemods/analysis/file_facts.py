# SPDX-License-Identifier: Apache-2.0
"""Turn what inference found about `ast` nodes into the facts of one file, keyed by bytes."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from codemods.analysis.adoption import adoption
from codemods.analysis.commands import registrations
from codemods.analysis.compared import Compared, compared_in
from codemods.analysis.compared_nodes import node_comparisons
from codemods.analysis.dict_fields import dict_fields
from codemods.analysis.expected_stats import expected_stats, parsed_fields
from codemods.analysis.facts import Facts, Holding, Span
from codemods.analysis.method_stubs import method_stubs
from codemods.analysis.object_places import changes_in
from codemods.analysis.overrides import overrides
from codemods.analysis.project import Module
from codemods.analysis.relations import readings_of
from codemods.analysis.remote_objects import made_remote
from codemods.analysis.site_facts import site_table, sites_in
from codemods.analysis.survey import Survey
from codemods.analysis.suspects import Suspect
from codemods.analysis.unread import admin_contexts, unread_aliases
from codemods.analysis.versions import VersionText, texts_in
from codemods.model import Item


def facts_of(module: Module, survey: Survey, done: frozenset[Item]) -> Facts:
    """The facts about a file once the work items `done` are done."""
    key = ("facts", module.source.path)
    return survey.found(key, done, lambda items: _facts(module, survey, items))


def _facts(module: Module, survey: Survey, done: frozenset[Item]) -> Facts:
    path, is_test = module.source.path, survey.inference.is_test(module)
    parts = {span: p for one in sites_in(module, survey, done) for span, p in one.parts}
    others: dict[str, Mapping[Span, Any]] = {
        kind: survey.found((kind, path), done, functools.partial(find, module, survey))
        for kind, find in (_IN_TESTS if is_test else _IN_CODE).items()
    }
    leftovers = tuple(admin_contexts(module, survey.tree.package)) if parts else ()
    if is_test:
        others |= _replaced_in_tests(module, survey)
        leftovers += survey.mocked_conductors(path).aliases
    return Facts(
        path,
        survey.holds(module, done),
        site_table(module, survey, done),
        parts,
        _aliases(module, survey, done),
        leftovers,
        others,
    )


def _suspects(module: Module, survey: Survey, done: frozenset[Item]) -> Mapping[Span, Suspect]:
    found = survey.suspects(module)
    return {span: suspect for span, suspect in found.items() if suspect.item in done}


def changing_places(module: Module, survey: Survey, done: frozenset[Item]) -> tuple[int, ...]:
    """The offsets at which a file handles rows that become objects, in order.

    Places that may get a dict as well are left out: unit tests may go on passing dicts there.
    """
    found = [
        start
        for (start, _), held in survey.holds(module, done).items()
        if held.is_from_conductor and (_is_sure(held.object) or held.list is not None)
    ]
    sites = site_table(module, survey, done)
    found += [start for (start, _), site in sites.items() if site.left is None]
    return tuple(sorted({*found, *(start for start, _ in _aliases(module, survey, done))}))


def _is_sure(holding: Holding | None) -> bool:
    return holding is not None and holding.sure


def _aliases(module: Module, survey: Survey, done: frozenset[Item]) -> frozenset[Span]:
    """The statements that give the API a local name only for calls that are rewritten."""

    def find(done: frozenset[Item]) -> frozenset[Span]:
        sites = site_table(module, survey, done)
        rewritten = {span for span, site in sites.items() if site.left is None}
        return frozenset(unread_aliases(module, survey.inference, rewritten, survey.name_uses))

    return survey.found(("aliases", module.source.path), done, find)


def _replaced_in_tests(module: Module, survey: Survey) -> dict[str, Mapping[Span, Any]]:
    """The facts about what a file of unit tests replaces, which depend on no work item."""
    path = module.source.path
    stubs, mocks = survey.stubs(path), survey.conductor_mocks(path)
    conductors = survey.mocked_conductors(path)
    return {
        "stubs": stubs.calls,
        "fakes": stubs.fakes,
        "migration_rows": stubs.migrations,
        "row_texts": stubs.texts,
        "update_stubs": survey.update_stubs(path),
        "row_fixtures": survey.row_fixtures(path),
        "conductor_mocks": mocks.mocks,
        "mocked_rows": {**mocks.rows, **conductors.rows},
        "save_expectations": mocks.expectations,
        "mocked_methods": conductors.methods,
        "tests_of_methods": conductors.tests,
        "created_parts": conductors.parts,
        "listed_rows": conductors.listed,
        "joined_nodes": conductors.joined,
        "joined_rows": conductors.joined_rows,
        "held_mocks": {module.source.span(one.statement): one for one in conductors.held},
    }


def _compared(module: Module, survey: Survey, done: frozenset[Item]) -> Compared:
    def find(done: frozenset[Item]) -> Compared:
        return compared_in(module, survey, done, site_table(module, survey, done))

    return survey.found(("comparisons", module.source.path), done, find)


def _version_texts(
    module: Module, survey: Survey, done: frozenset[Item]
) -> Mapping[Span, VersionText]:
    return texts_in(module, survey.tree, done) if survey.additions.text_versions else {}


#: For each kind, what finds the facts in a file, given the work items that are done.
_Finders = Mapping[str, Callable[[Module, Survey, frozenset[Item]], Mapping[Span, Any]]]

_IN_CODE: _Finders = {
    "dict_fields": lambda m, s, done: dict_fields(m, s, done, site_table(m, s, done)),
    "readings": readings_of,
    "dict_variables": lambda m, s, done: _compared(m, s, done).variables,
    "compared": lambda m, s, done: _compared(m, s, done).operands,
    "adoption": lambda m, s, _: adoption(m, s.tree),
    "registrations": lambda m, s, done: registrations(m, s.tree, done).behind,
    "unregistered": lambda m, s, done: registrations(m, s.tree, done).left,
    "suspects": _suspects,
    "changes": changes_in,
    "version_texts": _version_texts,
}
_IN_TESTS: _Finders = {
    "changes": changes_in,
    "method_stubs": method_stubs,
    "overrides": overrides,
    "expected_stats": lambda m, s, _: expected_stats(m, s.tree),
    "node_comparisons": lambda m, s, _: node_comparisons(m, s.inference.project),
    "parsed_fields": lambda m, s, _: parsed_fields(m, s.inference),
    "made_remote": lambda m, s, _: made_remote(m),
}
