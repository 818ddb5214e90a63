# SPDX-License-Identifier: Apache-2.0
"""A function of which no tree can be made stays as it is, and the rest of its file goes on."""

import pathlib

import libcst as cst
import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.outputs.report import report
from codemods.rewriting import island
from codemods.syntax.source import Unparsed

PATH = "nova/compute/example.py"

#: An expression in a function of which no tree can be made here.
DEEP = "'refused'"

HEAD = """\
from nova import conductor


class Manager(object):
    def __init__(self):
        self.conductor_api = conductor.API()

"""
GOES_ON = """\
    def goes_on(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service['id']
"""
REWRITTEN = GOES_ON.replace("self.conductor_api.service_get", "objects.Service.get").replace(
    "service['id']", "service.id"
)
STAYS = f"""\

    # What is said above it
    def stays(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service['id'], {DEEP}
"""


@pytest.fixture(autouse=True)
def _refusing(monkeypatch: pytest.MonkeyPatch):
    """Let there be no tree of what says `refused`, whatever the real parser thinks of it."""
    real = island.parse_module

    def parse_module(text: bytes, indent: str) -> cst.Module:
        if b"refused" in text:
            line = text[: text.index(b"refused")].count(b"\n") + 1
            raise Unparsed(f"line {line}: no tree of it")
        return real(text, indent)

    monkeypatch.setattr(island, "parse_module", parse_module)


def line_of(part: str, *parts: str) -> int:
    """The line of the file made of these parts in which a part of it stands."""
    text = HEAD + "".join(parts)
    return text[: text.index(part)].count("\n") + 1


def ran(root: pathlib.Path, *parts: str, **others: str) -> RunResult:
    """The outcome of a run over a small tree with a file made of these parts."""
    tree = {**small_tree.files(), PATH: HEAD + "".join(parts), **others}
    del tree["nova/compute/left.py"]
    for path, text in tree.items():
        root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(path).write_text(text)
    return run(Config(root))


def text(result: RunResult, path: str = PATH) -> str:
    """What a file has become."""
    return next(one.after for one in result.changes if one.path == path).decode()


def test_only_the_function_stays(tmp_path: pathlib.Path):
    result = ran(tmp_path, GOES_ON, STAYS)
    assert result.failures == ()
    assert STAYS in text(result)
    assert REWRITTEN in text(result)
    assert "self.conductor_api = conductor.API()" in text(result)


def test_function_is_listed_once_with_its_line_and_the_reason(tmp_path: pathlib.Path):
    result = ran(tmp_path, GOES_ON, STAYS)
    (one,) = [one for one in result.declined if one.path == PATH]
    assert one.code == "function.unparsed"
    assert one.line == line_of("def stays", GOES_ON, STAYS)
    assert one.item.value == "service"
    assert one.reason.endswith(f": line {line_of('refused', GOES_ON, STAYS)}: no tree of it")
    assert one.code in {left["code"] for left in report(result)["left"]}


def test_functions_with_the_line_ends_of_old_macs_are_listed_with_that(tmp_path: pathlib.Path):
    result = ran(tmp_path, **{PATH: (HEAD + GOES_ON).replace("\n", "\r")})
    (one,) = [one for one in result.declined if one.path == PATH]
    assert one.code == "function.unparsed"
    assert one.line == line_of("def goes_on", GOES_ON)
    assert one.reason.endswith(f": line {one.line}: it ends with a carriage return alone")
    assert PATH not in {change.path for change in result.changes}


def test_a_row_that_comes_into_the_function_stays_a_row(tmp_path: pathlib.Path):
    handing = """\

    def hands(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        self.takes(service)
        return service['id']
"""
    taking = f"""\

    def takes(self, service):
        return service['id'], {DEEP}
"""
    result = ran(tmp_path, GOES_ON, handing, taking)
    assert handing in text(result)
    assert taking in text(result)
    assert REWRITTEN in text(result)
    codes = {one.code: one.reason for one in result.declined if one.path == PATH}
    line = line_of("def takes", GOES_ON, handing, taking)
    assert f": {PATH}:{line}: " in codes["call.function-stays"]


def test_a_second_run_finds_nothing(tmp_path: pathlib.Path):
    first = ran(tmp_path, GOES_ON, STAYS)
    for change in first.changes:
        tmp_path.joinpath(change.path).write_bytes(change.after)
    again = run(Config(tmp_path))
    assert again.changes == ()
    assert [one.code for one in again.declined if one.path == PATH] == ["function.unparsed"]


def test_a_unit_test_that_stays_needs_a_person(tmp_path: pathlib.Path):
    path = "nova/tests/compute/test_example.py"
    unit_test = f"""\
import mock

from nova.compute import example


class ManagerTestCase(object):
    def test_goes_on(self):
        manager = example.Manager()
        with mock.patch.object(manager.conductor_api,
                               'service_get_by_compute_host',
                               return_value={{'id': 1}}):
            self.assertEqual(1, manager.goes_on('context', 'host'), {DEEP})
"""
    others = {"nova/tests/compute/__init__.py": "", path: unit_test}
    result = ran(tmp_path, GOES_ON, **others)
    assert [one.path for one in result.changes] == [PATH]
    (one,) = [one for one in result.needs_person if one.path == path]
    assert one.line == 7
    assert one.test == "nova.tests.compute.test_example.ManagerTestCase.test_goes_on"
    assert one.reason.endswith(": line 12: no tree of it")
