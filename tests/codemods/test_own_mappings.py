# SPDX-License-Identifier: Apache-2.0
"""Mappings from outside of the package: what they add, and what is said of bad ones."""

import pathlib
import re
import subprocess
import sys

import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run
from codemods.errors import BadMapping
from codemods.mappings import conductor_calls, passing_decorators, reasons, relations, remedies, use
from codemods.model import RunResult

Root = pathlib.Path

PATH = "nova/compute/printer.py"

HEAD = """\
from nova import conductor


class Printer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def names(self, context, rack):
"""

GETTER = """\
[calls.service_get_all_by_rack]
object = "Service"
kind = "list"
parameters = ["context", "rack"]
call = "ServiceList.get_by_rack"
arguments = ["context", "rack"]
"""

FIELD = """\
[fields.Service]
rack = "fields.StringField(nullable=True)"
"""

RELATION = """\
[relations.Service.hall]
object = "Service"
joined = ["service_get_by_compute_host"]
"""


@pytest.fixture(autouse=True)
def _none_left():
    yield
    use(())


def mappings(root: Root, text: str, name: str = "own.toml") -> Root:
    file = root / name
    file.write_text(text)
    return file


def result(root: Root, lines: str, text: str, files: dict[str, str] | None = None) -> RunResult:
    service = small_tree.SERVICE + "\n    @base.remotable_classmethod\n"
    service += "    def get_by_rack(cls, context, rack):\n        pass\n"
    own = {PATH: HEAD + lines, "nova/objects/service.py": service, **(files or {})}
    for path, content in {**small_tree.files(), **own}.items():
        file = root / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return run(Config(root / "tree", mappings=(mappings(root, text),)))


def after(found: RunResult) -> str:
    texts = {change.path: change.after.decode() for change in found.changes}
    return texts[PATH].partition("def names(self, context, rack):\n")[2]


BY_RACK = """\
        services = self.conductor_api.service_get_all_by_rack(context, rack)
        return [one['host'] for one in services]
"""


def test_a_method_of_the_forks_conductor(tmp_path):
    found = result(tmp_path, BY_RACK, GETTER)
    assert found.failures == ()
    assert after(found) == (
        "        services = objects.ServiceList.get_by_rack(context, rack)\n"
        "        return [one.host for one in services]\n"
    )
    # and it is known to nobody who does not say so
    assert PATH not in {one.path for one in run(Config(tmp_path / "tree")).changes}
    assert "service_get_all_by_rack" not in conductor_calls()


def test_a_method_that_no_object_has(tmp_path):
    text = GETTER.replace("get_by_rack", "get_by_hall")
    found = result(tmp_path, BY_RACK, text)
    [left] = [one for one in found.declined if one.path == PATH]
    assert left.code == "call.no-object"
    assert "ServiceList.get_by_hall" in left.reason


RACK = """\
        service = self.conductor_api.service_get_by_compute_host(context, rack)
        return service['rack']
"""


def test_a_field_that_the_class_does_not_declare(tmp_path):
    assert "return service.rack\n" in after(result(tmp_path, RACK, FIELD))
    found = result(tmp_path, RACK, "")
    assert PATH not in {change.path for change in found.changes}


HALL = """\
        service = self.conductor_api.service_get_by_compute_host(context, rack)
        return service['hall']['host']
"""


def test_a_row_within_a_row(tmp_path):
    field = FIELD.replace("rack = ", "hall = ").replace("StringField(", "ObjectField('Service', ")
    assert "return service.hall.host\n" in after(result(tmp_path, HALL, RELATION + field))


def test_a_row_within_a_row_for_which_the_object_has_nothing(tmp_path):
    found = result(tmp_path, HALL, RELATION)
    assert PATH not in {change.path for change in found.changes}
    [left] = [one for one in found.declined if one.path == PATH]
    assert left.code == "relation.unreadable"
    assert "hall" in left.reason


def test_a_decorator_that_hands_on_what_it_is_given(tmp_path):
    lines = BY_RACK.replace("one['host']", "self.name(one)") + (
        "\n    @timed\n    def name(self, service):\n        return service['host']\n"
    )
    timed = "def timed(function):\n    return registry.wrapped(function)\n\n\n"
    files = {PATH: timed + HEAD + lines}
    found = result(tmp_path, "", GETTER + '[decorators]\npassing_on = ["timed"]\n', files)
    assert "return service.host\n" in after(found)
    found = result(tmp_path, "", GETTER, files)
    assert PATH not in {change.path for change in found.changes}


def test_several_files_hold_together(tmp_path):
    files = [
        mappings(tmp_path, '[decorators]\npassing_on = ["first"]\n' + GETTER, "1.toml"),
        mappings(
            tmp_path,
            '[decorators]\npassing_on = ["second"]\n'
            '[stubs.service_get_all_by_rack_from_cell]\nconductor = "service_get_all_by_rack"\n'
            '[reasons."racks.none"]\nmeans = "no rack"\nremedy = "Buy one."\n',
            "2.toml",
        ),
    ]
    use(files)
    assert {"first", "second", "staticmethod"} <= passing_decorators()
    assert conductor_calls()["service_get_all_by_rack"].arguments == ("context", "rack")
    assert (reasons()["racks.none"], remedies()["racks.none"]) == ("no rack", "Buy one.")
    use(())
    assert "racks.none" not in reasons()


def test_the_documented_file_is_one(tmp_path):
    text = (pathlib.Path(__file__).parents[2] / "docs" / "own-rules.md").read_text()
    [shown] = re.findall(r"```toml\n(.*?)```", text, re.S)
    use([mappings(tmp_path, shown)])
    assert "racks.evaluated-twice" in reasons()
    assert relations()["Service", "spare"].joined == ("service_get_by_compute_host",)


#: A file, and what is said of it: the key, why, what to do.
BAD = [
    pytest.param("calls = 1\n", "calls: is not a table; write [calls.NAME]", id="no table"),
    pytest.param("[call.x]\n", "call: not a table of mappings; did you mean calls?", id="table"),
    pytest.param("[calls]\nx = 1\n", "calls.x: is not a table; write [calls.x]", id="no row"),
    pytest.param("x = \n", "not valid TOML", id="no TOML"),
    pytest.param(
        GETTER.replace("kind = ", "kinds = "),
        "calls.service_get_all_by_rack.kinds: is not a key here; did you mean kind?",
        id="key",
    ),
    pytest.param(
        GETTER.replace('kind = "list"\n', ""),
        "calls.service_get_all_by_rack: lacks `kind`",
        id="no kind",
    ),
    pytest.param(
        GETTER.replace('"list"', '"lists"'),
        "calls.service_get_all_by_rack.kind: 'lists' is not one of get, list, create, update, "
        "destroy",
        id="kind",
    ),
    pytest.param(
        GETTER.replace('"Service"', '"Rack"'),
        "calls.service_get_all_by_rack.object: Rack is not one of the objects ComputeNode, ",
        id="object",
    ),
    pytest.param(
        GETTER.replace('["context", "rack"]\ncall', '"context"\ncall'),
        "calls.service_get_all_by_rack.parameters: 'context' is not a list of texts",
        id="type",
    ),
    pytest.param(
        GETTER.replace('["context", "rack"]\ncall', '["rack"]\ncall'),
        "calls.service_get_all_by_rack.parameters: lack `context`",
        id="no context",
    ),
    pytest.param(
        GETTER.replace("ServiceList.", "Service."),
        "calls.service_get_all_by_rack.call: 'Service.get_by_rack' is not a method of ServiceList",
        id="method of another",
    ),
    pytest.param(
        GETTER.replace('arguments = ["context", "rack"]', 'arguments = ["context", "racks"]'),
        "calls.service_get_all_by_rack.arguments: 'racks' is not one of the parameters",
        id="argument",
    ),
    pytest.param(
        GETTER.replace('call = "ServiceList.get_by_rack"\n', ""),
        "calls.service_get_all_by_rack: lacks `call`, what takes its place; or say `declined`",
        id="nothing instead",
    ),
    pytest.param(
        GETTER.replace('"list"', '"update"').replace('"rack"]\ncall', '"row", "values"]\ncall'),
        "calls.service_get_all_by_rack.call: is not asked of what is there to update; drop it",
        id="update with a getter",
    ),
    pytest.param(
        '[calls.x]\nobject = "Service"\nkind = "update"\nparameters = ["context", "row"]\n',
        "calls.x.parameters: lack `values`",
        id="update of nothing",
    ),
    pytest.param(
        '[calls.x]\nobject = "Service"\nkind = "get"\nparameters = ["context"]\n'
        'declined = "call.result-shap"\n',
        "calls.x.declined: 'call.result-shap' is not a reason code; "
        "did you mean call.result-shape?",
        id="reason",
    ),
    pytest.param(
        RELATION.replace("compute_host", "computer_host"),
        "relations.Service.hall.joined: 'service_get_by_computer_host' is not a method of the "
        "conductor; did you mean service_get_by_compute_host?",
        id="joined",
    ),
    pytest.param(
        RELATION.replace("service_get_by_compute_host", "migration_get"),
        "relations.Service.hall.joined: 'migration_get' does not return rows of Service",
        id="joined by another",
    ),
    pytest.param(
        FIELD.replace("fields.Service", "fields.Rack"),
        "fields.Rack: Rack is not one of the objects",
        id="field of nothing",
    ),
    pytest.param(
        "[fields.Service]\nrack = 1\n",
        "fields.Service.rack: is not the source of a field's",
        id="field",
    ),
    pytest.param(
        '[stubs.x]\nconductor = "service_gett"\n',
        "stubs.x: 'service_gett' is not a method of the conductor",
        id="stub",
    ),
    pytest.param(
        '[reasons."value.mixed"]\nmeans = "m"\nremedy = "r"\n',
        "reasons.value.mixed: is a reason code already; choose another",
        id="reason taken",
    ),
    pytest.param(
        '[reasons."x.y"]\nmeans = "m"\n', "reasons.x.y: lacks `remedy`", id="reason without remedy"
    ),
    pytest.param(
        "[decorators]\npassing_on = [1]\n", "decorators.passing_on: [1] is not a list", id="list"
    ),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_is_said_of_what_cannot_be(tmp_path, text: str, said: str):
    file = mappings(tmp_path, text)
    with pytest.raises(BadMapping, match=re.escape(f"{file}: {said}")):
        use([file])


def test_the_command_names_the_file_and_the_key(tmp_path):
    result(tmp_path, BY_RACK, GETTER)
    command = [sys.executable, "-m", "codemods", "run", tmp_path / "tree"]
    file = mappings(tmp_path, GETTER.replace('"list"', '"lists"'))
    done = subprocess.run([*command, "--mappings", file], capture_output=True, text=True)
    assert done.returncode == 2
    assert f"codemods: {file}: calls.service_get_all_by_rack.kind: " in done.stderr
    missing = tmp_path / "nothing.toml"
    done = subprocess.run([*command, "--mappings", missing], capture_output=True, text=True)
    assert done.returncode == 2
    assert f"{missing}: No such file or directory; --mappings names a file" in done.stderr
