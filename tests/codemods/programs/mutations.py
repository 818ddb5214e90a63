# SPDX-License-Identifier: Apache-2.0
"""Rules that are broken on purpose, and whether programs tell.

    PYTHONPATH=. python tests/codemods/programs/mutations.py 100

rewrites up to that many made-up programs with each of them, and says which one told.
"""

import contextlib
import dataclasses
import itertools
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import libcst as cst

from codemods import engine
from codemods.analysis.stays import NOTHING_STAYS
from codemods.rewriting import nodes, writing
from codemods.rewriting.rule import RowRule
from codemods.rules import code, of_file

create = code.conductor_create_to_object_create
destroy = code.conductor_destroy_to_object_destroy
getter = code.conductor_getter_to_object_getter
update = code.conductor_update_to_object_save
Patch = contextlib.AbstractContextManager[Any]


@dataclasses.dataclass(frozen=True)
class Mutation:
    """What is broken, how, and the feature whose programs tell."""

    name: str
    feature: str
    patches: Callable[[], list[Patch]]


@contextlib.contextmanager
def applied(mutation: Mutation) -> Iterator[None]:
    """Have it so for a while."""
    with contextlib.ExitStack() as stack:
        for one in mutation.patches():
            stack.enter_context(one)
        yield


def _without_method(module: Any, name: str) -> Patch:
    """`object.name(...)` becomes `bool(...)`."""

    def method(value: Any, called: str, *arguments: Any) -> cst.Call:
        if called != name:
            return nodes.method(value, called, *arguments)
        return nodes.call("bool", *arguments)

    return mock.patch.object(module, "method", method)


def _without_rule(name: str) -> Callable[[], list[Patch]]:
    def patches() -> list[Patch]:
        left = tuple(one for one in of_file.CODE_RULES if one.name() != name)
        assert len(left) == len(of_file.CODE_RULES) - 1
        return [mock.patch.object(of_file, "CODE_RULES", left)]

    return patches


def _with_pairs(change: Callable[[list[Any]], list[Any]]) -> Callable[[], list[Patch]]:
    before = writing.pairs_with_comments

    def pairs(literal: cst.Dict) -> Iterator[Any]:
        return iter(change(list(before(literal))))

    return lambda: [mock.patch.object(writing, "pairs_with_comments", pairs)]


def _values_swapped(pairs: list[Any]) -> list[Any]:
    values = [value for _, value, _ in pairs]
    return [(key, new, notes) for (key, _, notes), new in zip(pairs, values[::-1], strict=True)]


def _with_arguments(change: Callable[[list[cst.Arg]], list[cst.Arg]]) -> Callable[[], list[Patch]]:
    rule = getter.ConductorGetterToObjectGetter
    before = rule._args

    def arguments(self: Any, site: Any, updated: cst.Call) -> list[cst.Arg]:
        return change(before(self, site, updated))

    return lambda: [mock.patch.object(rule, "_args", arguments)]


def _not_elevated(arguments: list[cst.Arg]) -> list[cst.Arg]:
    return [
        one.with_changes(value=one.value.func.value)
        if isinstance(one.value, cst.Call) and isinstance(one.value.func, cst.Attribute)
        and one.value.func.attr.value == "elevated"
        else one
        for one in arguments
    ]  # fmt: skip


def _first_and_reversed(arguments: list[cst.Arg]) -> list[cst.Arg]:
    values = [one.value for one in arguments[1:]]
    return arguments[:1] + [
        one.with_changes(value=value)
        for one, value in zip(arguments[1:], values[::-1], strict=True)
    ]


def _always_sure() -> list[Patch]:
    before = RowRule.holding

    def holding(self: RowRule, node: cst.CSTNode) -> Any:
        found = before(self, node)
        return found and dataclasses.replace(found, sure=True)

    return [mock.patch.object(RowRule, "holding", holding)]


def _other_nodes() -> list[Patch]:
    def of_all(self: Any, way: Any, _owner: Any) -> cst.Call:
        self.wants_import(self.file.tree.spelling("ComputeNodeList")[1], self.item)
        return nodes.call("objects.ComputeNodeList.get_all", nodes.expression(way.context))

    rule = code.service_compute_node_to_list.ServiceComputeNodeToList
    return [mock.patch.object(rule, "_nodes", of_all)]


def _no_copy() -> list[Patch]:
    return [mock.patch.object(writing.WritingRule, "copied", lambda self, value, site: value)]


def _nothing_filled() -> list[Patch]:
    rule = writing.WritingRule
    return [mock.patch.object(rule, "filled_from", return_value=nodes.line(cst.Pass()))]


def _result_lost(module: Any) -> Callable[[], list[Patch]]:
    return lambda: [mock.patch.object(module, "is_same", return_value=True)]


def _nothing_stays() -> list[Patch]:
    return [mock.patch.object(engine, "calls_that_stay", return_value=NOTHING_STAYS)]


def _no_adoption() -> list[Patch]:
    rule = code.adopt_exceptions.AdoptExceptions
    return [mock.patch.object(rule, "leave_Module", lambda self, original, updated: updated)]


MUTATIONS = (
    Mutation("a save is dropped", "update", lambda: [_without_method(update, "save")]),
    Mutation("a create is dropped", "create", lambda: [_without_method(create, "create")]),
    Mutation("a destroy is dropped", "destroy", lambda: [_without_method(destroy, "destroy")]),
    Mutation("the values of an update are not set", "update_values", _nothing_filled),
    Mutation("the last value is lost", "update", _with_pairs(lambda pairs: pairs[:-1])),
    Mutation("two values change places", "update", _with_pairs(_values_swapped)),
    Mutation("the result of an update is lost", "update", _result_lost(update)),
    Mutation("the result of a create is lost", "create", _result_lost(create)),
    Mutation("the context is not the elevated one", "contexts", _with_arguments(_not_elevated)),
    Mutation("the arguments change places", "get", _with_arguments(_first_and_reversed)),
    Mutation("the nodes are those of all services", "node", _other_nodes),
    Mutation("what may be a dict is an object", "method_dict", _always_sure),
    Mutation("calls that would stay do not", "not_joined", _nothing_stays),
    Mutation("exceptions are not adopted", "not_found", _no_adoption),
    *(
        Mutation(f"no {rule}", feature, _without_rule(rule))
        for rule, feature in (
            ("comparison_to_primitives", "compare"),
            ("dict_method_to_primitive", "dict_function"),
            ("list_method_to_list", "list_functions"),
            ("service_compute_node_to_list", "node"),
            ("stats_json_to_dict", "node_json"),
        )
    ),
)

#: Nova's objects turn what is in a dict into text in place, the shim's a copy of it: here there is
#: nothing to tell.
EQUIVALENT = (
    Mutation("the values are not copied", "instance", _no_copy),
    Mutation("no update_to_copied_update", "dict_update", _without_rule("update_to_copied_update")),
)


def main(count: int) -> None:
    """Print for each mutation which of `count` made-up programs tells first."""
    from features import ON
    from hypothesis import HealthCheck, Phase, given, settings
    from made_up import programs
    from running import Program, Runner

    made: list[Program] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(ON))
    def collect(program: Program) -> None:
        made.append(program)

    collect()
    told = 0
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(pathlib.Path(folder))
        for mutation in MUTATIONS + EQUIVALENT:
            with applied(mutation):
                differ = (not runner.compare(one).agrees for one in made)
                first = next(itertools.compress(itertools.count(1), differ), None)
            told += first is not None
            teller = "nobody" if first is None else f"program {first}"
            print(f"{mutation.name:50} {teller}", flush=True)
    print(f"{told} of {len(MUTATIONS + EQUIVALENT)} mutations told by {len(made)} programs")


if __name__ == "__main__":
    main(int(sys.argv[1]))
