# SPDX-License-Identifier: Apache-2.0
"""What calls of the conductor carry beside their arguments, and objects' calls do not."""

import pathlib

import pytest
import small_tree
from sources import READER_PATH, changed
from tables import outcome

RPCAPI = """\
class ConductorAPI(object):
    def service_update(self, context, service, values):
        timeout = 9
        cctxt = self.client.prepare({options})
        return cctxt.call(context, 'service_update', service=service)

    def object_action(self, context, objinst, objmethod, args, kwargs):
        cctxt = self.client.prepare({object_options})
        return cctxt.call(context, 'object_action', objinst=objinst)
"""

WRITER = """\
from nova import conductor


def write(context, service_id):
    conductor.API().service_update(context, {'id': service_id},
                                   {'report_count': 1})
"""


@pytest.mark.parametrize(
    ("options", "object_options", "stays"),
    [
        pytest.param("timeout=timeout", "", True, id="timeout"),
        pytest.param("version='1.3', retry=2", "version='2.0'", True, id="retries"),
        pytest.param("timeout=timeout", "timeout=7", False, id="both"),
        pytest.param("version='1.3'", "", False, id="a version only"),
        pytest.param("", "", False, id="none"),
    ],
)
def test_a_call_with_an_option_that_objects_lack_stays(
    options: str, object_options: str, stays: bool, tmp_path: pathlib.Path
):
    rpcapi = RPCAPI.format(options=options, object_options=object_options)
    found = outcome(tmp_path, WRITER, READER_PATH, {"nova/conductor/rpcapi.py": rpcapi})
    assert found.failures == ()
    assert ("service_update(" in found.text) is stays
    assert ("call.options" in found.codes) is stays


HANDED = """\
from nova import conductor


def write(context, host):
    service = conductor.API().service_get_by_args(context, host, 'nova-x')
    conductor.API().service_update(context, service, {'report_count': 1})
"""


def test_the_call_that_stays_and_is_given_the_row_is_named(tmp_path: pathlib.Path):
    rpcapi = RPCAPI.format(options="timeout=timeout", object_options="")
    found = outcome(tmp_path, HANDED, READER_PATH, {"nova/conductor/rpcapi.py": rpcapi})
    assert "service_get_by_args(" in found.text
    [left] = [one for one in found.declined if one.code == "row.escapes"]
    assert left.reason.endswith(
        f": conductor.API().service_update() at {READER_PATH}:6, "
        "which is left unchanged (call.options)"
    )


SAVE = """\
    @base.remotable
    def save(self, context):
        {copy}
        notifications.send_update(context, old_ref, {told})
"""

UPDATER = """\
from nova import conductor


def move(context, uuid):
    conductor.API().instance_update(context, uuid, host='host2')
"""


@pytest.mark.parametrize(
    ("copy", "told", "stays"),
    [
        pytest.param("new_ref = self.obj_clone()", "new_ref", True, id="the object"),
        pytest.param("stale = self.obj_clone()", "inst_ref", False, id="the row"),
    ],
)
def test_an_update_of_which_only_a_part_would_be_told_stays(
    copy: str, told: str, stays: bool, tmp_path: pathlib.Path
):
    start = small_tree.INSTANCE.index("    @base.remotable\n    def save")
    end = small_tree.INSTANCE.index("    @base.remotable", start + 1)
    save = SAVE.format(copy=copy, told=told)
    instance = small_tree.INSTANCE[:start] + save + "\n" + small_tree.INSTANCE[end:]
    beside = {"nova/objects/instance.py": changed(instance, (save, save))}
    found = outcome(tmp_path, UPDATER, READER_PATH, beside)
    assert found.failures == ()
    assert ("instance_update(" in found.text) is stays
    reasons = [one.reason for one in found.declined if one.code == "call.object-differs"]
    assert [" which is only partly set, " in one for one in reasons] == [True] * stays
