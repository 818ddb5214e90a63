# SPDX-License-Identifier: Apache-2.0
"""Who may call what: each remotable method and dict call, by five callers, against nova's answers.

``data/who_may.json`` is what nova 2014.2 answered. With NOVA_TREE and NOVA_PYTHON27 it is asked
again; ``SHIM_TEST_RECORD`` writes the file anew.
"""

import functools
import importlib
import json
import os
import pathlib
import pkgutil
from collections.abc import Callable
from typing import Any

import deployment
import pytest
import who_may_probes as probes
from test_nova_peers import Nova

from shim import db as shim_db
from shim import exception, objects
from shim.conductor import api
from shim.context import RequestContext
from shim.db import api as db
from shim.db import who_may
from shim.objects.base import NovaObjectRegistry

RECORDED = pathlib.Path(__file__).parent / "data" / "who_may.json"
Table = dict[str, dict[str, Any]]


def _contexts() -> dict[str, RequestContext]:
    return {
        name: RequestContext(user, project, is_admin=is_admin)
        for name, (user, project, is_admin) in probes.CALLERS.items()
    }


def _table(path: pathlib.Path, probes_for: Callable[[RequestContext], Any]) -> Table:
    with deployment.restoring(path) as restore:
        found: Table = probes.table(str(path), _contexts(), probes_for, restore)
    return found


def _differences(found: Table, expected: Table) -> list[str]:
    return [
        f"{name} by {caller}: {found[name].get(caller)}, nova: {answer}"
        for name, answers in expected.items()
        for caller, answer in answers.items()
        if found[name].get(caller) != answer
    ]


def test_every_cell_is_novas(filled: pathlib.Path, ctx: RequestContext, dict_api: Any) -> None:
    expected = json.loads(RECORDED.read_text())

    def probes_for(context: RequestContext) -> Any:
        there = probes.of_objects(objects, context, ctx)
        dicts = {**probes.of_dicts(dict_api, context), **probes.of_earlier_dicts(dict_api, context)}
        return {**there, **dicts}

    found = _table(filled, probes_for)
    assert set(found) == set(expected)
    assert _differences(found, expected) == []


#: What came after 2014.2: its arguments, and how a stranger is refused.
LATER = {
    "ComputeNode.get_by_host_and_nodename": (("cmp-a", "node-a"), exception.AdminRequired),
    "ComputeNodeList.get_all_by_host": (("cmp-a",), exception.AdminRequired),
    "InstanceList.get_all": ((), exception.Forbidden),
    "Service.get_by_host_and_binary": (("cmp-a", "nova-compute"), exception.AdminRequired),
    "ServiceList.get_by_binary": (("nova-compute",), exception.AdminRequired),
}
#: Dict calls that ask nothing themselves.
OTHERS = {"wait_until_ready", "service_get_by_host_and_binary"}


@pytest.mark.parametrize("name", sorted(LATER))
@pytest.mark.usefixtures("filled", "dict_api")
def test_what_came_later(name: str) -> None:
    """An administrator gets it; a user nothing, or what is of the project."""
    cls, method = name.split(".")
    arguments, refusal = LATER[name]
    for caller, context in _contexts().items():
        call = functools.partial(getattr(getattr(objects, cls), method), context, *arguments)
        if caller == "admin":
            assert call()
        elif caller in ("nobody", "homeless") or refusal is exception.AdminRequired:
            with pytest.raises(refusal):
                call()
        else:
            assert {found.project_id for found in call()} == {context.project_id}


def test_every_method_is_in_the_table() -> None:
    methods = {
        f"{name}.{method}"
        for name, (cls, *_) in NovaObjectRegistry.obj_classes().items()
        for method in dir(cls)
        if getattr(getattr(cls, method), "remotable", False)
    }
    calls = {name for name in dir(api.LocalAPI) if not name.startswith("_")}
    asked = {name.split()[0] for name in json.loads(RECORDED.read_text())}
    assert methods | calls - OTHERS == asked | set(LATER)


def test_every_database_function_says_who_may_call_it() -> None:
    def unlisted(context: RequestContext) -> None:
        raise AssertionError("called")

    checked = who_may.checked(unlisted)
    functions = {
        name
        for module in pkgutil.iter_modules(shim_db.__path__, "shim.db.")
        for name, function in vars(importlib.import_module(module.name)).items()
        if getattr(function, "__code__", None) is checked.__code__  # type: ignore[attr-defined]
    }
    assert functions == set(who_may.REQUIRED) == set(db.__all__)
    with pytest.raises(KeyError, match="unlisted"):
        checked(RequestContext())


def test_an_error_of_who_may_is_one_of_novas() -> None:
    assert issubclass(exception.AdminRequired, exception.Forbidden)
    assert exception.Forbidden.code == exception.AdminRequired.code == 403


def test_novas_answers_are_those_that_were_recorded(
    filled: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    nova = Nova(tmp_path)
    config = f"[database]\nconnection = sqlite:///{filled}\n"
    found = nova.run("who_may", config, str(filled))
    if os.environ.get("SHIM_TEST_RECORD"):
        RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(RECORDED.read_text())
