# SPDX-License-Identifier: Apache-2.0
"""A function stays where the name of an import that it needs is taken; its file goes on."""

import pathlib

import pytest
from tables import HEAD, Outcome, assert_same_text, outcome
from unit_test_sources import PATH as TEST_PATH
from unit_test_sources import READ, in_test_case, reader

from codemods.config import Config
from codemods.engine import run

CODE = "import.name-taken"

BEFORE = """\
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service['id']

"""

AFTER = """\
        service = objects.Service.get_by_compute_host(context, host)
        return service.id

"""

OBJECTS = "from nova import conductor\n", "from nova import conductor\nfrom nova import objects\n"


def rewritten(root: pathlib.Path, head: str, odd: str, after: str | None = None) -> Outcome:
    """What becomes of a file with a plain method and an odd one; a second run finds nothing."""
    found = outcome(root, head + BEFORE + odd)
    assert found.failures == ()
    assert_same_text(found.text, head.replace(*OBJECTS) + AFTER + (odd if after is None else after))
    for change in found.result.changes:
        root.joinpath(change.path).write_bytes(change.after)
    assert run(Config(root)).changes == ()
    return found


UPDATE = "self.conductor_api.compute_node_update(context, node, values)"

COPY = [
    pytest.param(
        f"    def odd(self, context, node, values, copy):\n        {UPDATE}\n", id="a parameter"
    ),
    pytest.param(
        f"    def odd(self, context, node, values):\n        copy = node['id']\n        {UPDATE}\n"
        "        return copy\n",
        id="a variable",
    ),
    pytest.param(
        "    def odd(self, context, node, values):\n        from nova.image import copy\n\n"
        f"        {UPDATE}\n        copy.copy(node)\n",
        id="another import",
    ),
    pytest.param(
        "    def odd(self, context, node, values):\n        def inside(copy):\n"
        f"            {UPDATE}\n\n        inside(2)\n",
        id="a parameter of a function inside",
    ),
    pytest.param(
        "    def odd(self, context, node, values, copy):\n        def inside():\n"
        f"            {UPDATE}\n\n        inside()\n",
        id="a parameter of a function around",
    ),
    pytest.param(
        f"    def odd(self, context, node, values):\n        {UPDATE}\n"
        "        return [copy for copy in values]\n",
        id="in a list",
    ),
]


@pytest.mark.parametrize("odd", COPY)
def test_call_stays_where_copy_is_local(odd: str, tmp_path: pathlib.Path):
    found = rewritten(tmp_path, HEAD, odd)
    (one,) = found.declined
    assert (one.code, one.rule) == (CODE, "conductor_update_to_object_save")
    assert one.reason.endswith("`copy` is a local name here")
    assert (
        one.line == (HEAD + BEFORE + odd).partition("self.conductor_api.compute")[0].count("\n") + 1
    )


def test_other_calls_of_the_function_are_rewritten(tmp_path: pathlib.Path):
    odd = f"    def odd(self, context, node, values, copy):\n        {UPDATE}\n"
    lines = BEFORE.replace("host)", "copy)")
    after = odd + AFTER.replace("host)", "copy)")
    assert rewritten(tmp_path, HEAD, odd + lines, after).codes == {CODE}


def test_function_with_the_same_import_is_rewritten(tmp_path: pathlib.Path):
    odd = (
        "    def odd(self, context, node, values):\n        import copy\n\n"
        f"        {UPDATE}\n        return copy.copy(values)\n"
    )
    found = outcome(tmp_path, HEAD + BEFORE + odd)
    assert found.failures == ()
    assert "compute_node.update(copy.deepcopy(values))" in found.text
    assert found.declined == ()


def test_every_place_stays_where_the_module_has_the_name(tmp_path: pathlib.Path):
    odd = f"    def odd(self, context, node, values):\n        {UPDATE}\n"
    found = rewritten(tmp_path, HEAD.replace("\n\n\nclass", "\n\ncopy = None\n\n\nclass"), odd)
    (one,) = found.declined
    assert one.code == CODE
    assert one.reason.endswith("`copy` is a variable here")


def test_row_stays_where_what_reads_it_needs_the_base(tmp_path: pathlib.Path):
    odd = """\
    def odd(self, context, host, obj_base):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        x = service.copy()
        x['host'] = obj_base
        return x['host']
"""
    found = rewritten(tmp_path, HEAD, odd)
    assert {(one.code, one.rule) for one in found.declined} == {
        (CODE, "conductor_getter_to_object_getter"),
        (CODE, "dict_method_to_primitive"),
    }


def test_row_of_another_function_stays_with_the_place(tmp_path: pathlib.Path):
    odd = """\
    def odd(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return self.taking(service, 1)

    def taking(self, service, obj_base):
        x = service.copy()
        x['host'] = obj_base
        return x['host']
"""
    assert rewritten(tmp_path, HEAD, odd).codes == {CODE}


def test_unit_test_with_the_name_needs_a_person(tmp_path: pathlib.Path):
    odd = """\
def test_read(self):
    objects = 'host1'
    with mock.patch('nova.conductor.api.LocalAPI.'
                    'service_get_by_compute_host') as mock_get:
        mock_get.return_value = {'id': 1}
        self.reader.read('context', objects)
"""
    plain = odd.replace("    objects = 'host1'\n", "").replace("objects", "'host1'")
    text = in_test_case(f"{odd}\n{plain.replace('test_read', 'test_plain')}")
    found = outcome(tmp_path, text, TEST_PATH, reader(READ))
    assert found.failures == ()
    before, _, after = found.text.partition("def test_plain")
    assert "objects.Service(id=1)" not in before
    assert "objects.Service(id=1)" in after
    persons = [one for one in found.result.needs_person if one.path == TEST_PATH]
    assert {one.test.rpartition(".")[2] for one in persons} == {"test_read"}
    assert any(one.reason.endswith("`objects` is a local name here") for one in persons)
