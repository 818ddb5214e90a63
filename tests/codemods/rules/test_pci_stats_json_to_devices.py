# SPDX-License-Identifier: Apache-2.0
"""The long tail of `values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())`."""

import pathlib
import textwrap

import pytest
from sources import crlf
from tables import (
    PATH,
    assert_same_text,
    check_file_not_known,
    check_file_rewritten,
    outcome,
)

from codemods.rules.example_sources import PCI_STATS_NODE

RULE = "pci_stats_json_to_devices"

BESIDE = {"nova/objects/compute_node.py": PCI_STATS_NODE}

#: The module uses JSON for something else as well, so that its import stays.
BEFORE = """\
import copy
import json

from nova import conductor
from nova import objects
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def show(self, context):
        self.conductor_api.wait_until_ready(context)
        return copy.copy(json.dumps(jsonutils.loads(objects)))

    def write(self, context, devices, values, flag):
{lines}
        self.conductor_api.compute_node_create(context, values)
"""

AFTER = BEFORE.replace(
    "        self.conductor_api.compute_node_create(context, values)\n",
    """\
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
""",
)


def in_write(lines: str) -> str:
    """A module in which the lines fill the values of a new node."""
    return BEFORE.format(lines=textwrap.indent(lines.rstrip("\n"), " " * 8))


def rewritten(lines: str) -> str:
    """The same with the call rewritten that hands the values over."""
    return AFTER.format(lines=textwrap.indent(lines.rstrip("\n"), " " * 8))


#: The lines that fill the values.
REWRITTEN = [
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
""",
        """\
values['pci_stats'] = devices
""",
        id="serialized",
    ),
    pytest.param(
        """\
if devices is None:
    values['pci_stats'] = jsonutils.dumps(None)
elif flag:
    values['pci_stats'] = jsonutils.dumps([])
else:
    values['pci_stats'] = []
""",
        """\
if devices is None:
    values['pci_stats'] = None
elif flag:
    values['pci_stats'] = None
else:
    values['pci_stats'] = None
""",
        id="nothing, in three spellings",
    ),
    pytest.param(
        """\
values.pci_stats = json.dumps(devices.obj_to_primitive())
""",
        """\
values.pci_stats = devices
""",
        id="an attribute, made by the library's json",
    ),
    pytest.param(
        """\
values.update(pci_stats=jsonutils.dumps(devices.obj_to_primitive()))
""",
        """\
values.update(pci_stats=devices)
""",
        id="a keyword",
    ),
    pytest.param(
        """\
values.update({'vcpus': 1,  # one
               u'pci_stats': jsonutils.dumps(
                   devices.obj_to_primitive())})
""",
        """\
values.update({'vcpus': 1,  # one
               u'pci_stats': devices})
""",
        id="in a dict literal, unicode key, comment before",
    ),
    pytest.param(
        """\
values['pci_stats'] = (jsonutils.dumps(devices.obj_to_primitive())
                       if flag else jsonutils.dumps(()))
""",
        """\
values['pci_stats'] = (devices
                       if flag else None)
""",
        id="one or the other",
    ),
    pytest.param(
        """\
values['pci_stats'] = flag.pci_stats = jsonutils.dumps(devices.obj_to_primitive())
""",
        """\
values['pci_stats'] = flag.pci_stats = devices
""",
        id="two targets",
    ),
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps((devices or flag).obj_to_primitive())
""",
        """\
values['pci_stats'] = devices or flag
""",
        id="parenthesised object",
    ),
    pytest.param(
        """\
values['pci_stats'] = (jsonutils.dumps(devices.obj_to_primitive()))
""",
        """\
values['pci_stats'] = devices
""",
        id="parenthesised value",
    ),
    pytest.param(
        """\
# as text
values['pci_stats'] = jsonutils.dumps(  # serialized
    # with what has changed
    devices.obj_to_primitive())
""",
        """\
# as text
# serialized
# with what has changed
values['pci_stats'] = devices
""",
        id="comments above and inside",
    ),
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())  # as text
""",
        """\
values['pci_stats'] = devices  # as text
""",
        id="comment behind",
    ),
    pytest.param(
        """\
flag = 1; values['pci_stats'] = jsonutils.dumps([]); values['vcpus'] = flag
""",
        """\
flag = 1; values['pci_stats'] = None; values['vcpus'] = flag
""",
        id="semicolons",
    ),
    pytest.param(
        """\
if flag: values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
else: values['pci_stats'] = jsonutils.dumps([])
""",
        """\
if flag: values['pci_stats'] = devices
else: values['pci_stats'] = None
""",
        id="blocks on one line",
    ),
    pytest.param(
        """\
def fill(one):
    one['pci_stats'] = jsonutils.dumps(one.devices.obj_to_primitive())
fill(values)
print values
""",
        """\
def fill(one):
    one['pci_stats'] = one.devices
fill(values)
print values
""",
        id="in a function inside, Python 2 syntax around",
    ),
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps(
    self.tracker_of_devices.devices_of(context, flag).obj_to_primitive())
""",
        """\
values['pci_stats'] = self.tracker_of_devices.devices_of(context, flag)
""",
        id="79 columns",
    ),
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps(
    self.tracker_of_devices.devices_of(context, flags).obj_to_primitive())
""",
        """\
values['pci_stats'] = self.tracker_of_devices.devices_of(context,
                                                         flags)
""",
        id="80 columns",
    ),
    pytest.param(
        """\
values['pci_stats'] = jsonutils.dumps(
    self.tracker
        .devices.obj_to_primitive())
""",
        """\
values['pci_stats'] = (self.tracker
        .devices)
""",
        id="object on two lines",
    ),
    pytest.param(
        """\
values.update(pci_stats=jsonutils.dumps(  # as text
    devices.obj_to_primitive()))
""",
        """\
# as text
values.update(pci_stats=devices)
""",
        id="comment inside a keyword's value",
    ),
    pytest.param(
        """\
values.update({
    'pci_stats': jsonutils.dumps(  # as text
        devices.obj_to_primitive()),
})
""",
        """\
# as text
values.update({
    'pci_stats': devices,
})
""",
        id="comment inside a value of a dict literal",
    ),
    pytest.param(
        """\
values['pci_stats'] = (jsonutils.dumps(  # as text
    devices.obj_to_primitive()) if flag else None)
""",
        """\
# as text
values['pci_stats'] = (devices if flag else None)
""",
        id="comment inside one of two values",
    ),
]

#: What the object takes as it is, and what only looks like its text.
NOT_KNOWN = [
    pytest.param("values['pci_stats'] = devices\n", id="the object"),
    pytest.param("values['pci_stats'] = None\n", id="None"),
    pytest.param("values['devices'] = jsonutils.dumps([])\n", id="another key"),
    pytest.param("values[flag] = jsonutils.dumps([])\n", id="a key that is a name"),
    pytest.param("values.pci_stats_of = jsonutils.dumps([])\n", id="another attribute"),
    pytest.param("pci_stats = jsonutils.dumps(devices.obj_to_primitive())\n", id="a variable"),
    pytest.param("flag(jsonutils.dumps([]), 'pci_stats')\n", id="an argument"),
    pytest.param("# values['pci_stats'] = jsonutils.dumps([])\nflag()\n", id="in a comment"),
]

#: Text that the object refuses, and of which nobody knows what list it stands for.
NOT_TOLD = [
    pytest.param("values['pci_stats'] = '[]'", id="a literal"),
    pytest.param("values['pci_stats'] = jsonutils.dumps(devices)", id="no object, maybe"),
    pytest.param(
        "values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive(), 4)", id="two arguments"
    ),
    pytest.param(
        "values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive(), indent=4)",
        id="a keyword",
    ),
    pytest.param(
        "values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive('1.0'))",
        id="of an older version",
    ),
    pytest.param("values['pci_stats'] = self.dumps([])", id="made by something else"),
    pytest.param("values.setdefault('pci_stats', jsonutils.dumps([]))", id="set unless it is"),
    pytest.param("values['pci_stats'], flag = jsonutils.dumps([]), 1", id="in a tuple"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, in_write(before), rewritten(after), beside=BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    before = "values['pci_stats'] = jsonutils.dumps(\n    devices.obj_to_primitive())\n"
    after = "values['pci_stats'] = devices\n"
    check_file_rewritten(
        tmp_path, RULE, crlf(in_write(before)), crlf(rewritten(after)), beside=BESIDE
    )


@pytest.mark.parametrize("lines", NOT_KNOWN)
def test_nothing_for_the_rule(lines: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, in_write(lines), rewritten(lines), beside=BESIDE)


@pytest.mark.parametrize("line", NOT_TOLD)
def test_text_of_something_else_is_left(line: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_write(line), beside=BESIDE)
    assert found.failures == ()
    assert_same_text(found.text, rewritten(line))
    assert RULE not in found.rules


def test_text_of_something_else_is_listed(tmp_path: pathlib.Path):
    found = outcome(
        tmp_path, in_write("values['pci_stats'] = jsonutils.dumps(devices)"), PATH, BESIDE
    )
    assert 18 in {one.line for one in (*found.declined, *found.result.needs_person)}


@pytest.mark.parametrize(
    ("path", "beside", "given"),
    [
        pytest.param(
            "nova/scheduler/example.py",
            BESIDE,
            "copy.deepcopy(values)",
            id="where no row is filled",
        ),
        # its fields copy what they are given
        pytest.param(PATH, {}, "values", id="where the field takes text"),
    ],
)
def test_nothing_elsewhere(
    path: str, beside: dict[str, str | None], given: str, tmp_path: pathlib.Path
):
    lines = "values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())\n"
    after = rewritten(lines).replace("copy.deepcopy(values)", given)
    check_file_not_known(tmp_path, RULE, in_write(lines), after, path, beside)
