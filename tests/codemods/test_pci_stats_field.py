# SPDX-License-Identifier: Apache-2.0
"""The field of the PCI devices: which type it gets, and that the object really converts it."""

import pathlib
import subprocess
import sys

import devices_tree
import pytest

from codemods.analysis.inferring import inferred
from codemods.analysis.pci_stats import HandedOver
from codemods.config import Config
from codemods.engine import run
from codemods.outputs.series import series

TRACKER = "nova/compute/resource_tracker.py"
MANAGER = "nova/pci/pci_manager.py"
NODE = "nova/objects/compute_node.py"
READER = "nova/scheduler/host_manager.py"

SERIALIZED = "jsonutils.dumps(\n                self.pci_tracker.pci_devs.obj_to_primitive())"
NOTHING = "resources['pci_stats'] = None"


def handed(**changes: tuple[str, str]) -> str:
    """What the tree hands over with one text in a file replaced by another."""
    files = devices_tree.files()
    for name, (old, new) in changes.items():
        path = {"tracker": TRACKER, "manager": MANAGER, "node": NODE}[name]
        assert old in files[path]
        files[path] = files[path].replace(old, new)
    return kind_of(files)


def kind_of(files: dict[str, str]) -> str:
    return found_in(files).kind


def found_in(files: dict[str, str]) -> HandedOver:
    data = {path: text.encode() for path, text in files.items()}
    return inferred(data).plan.pci_stats


def filled_with(value: str) -> str:
    return handed(tracker=(SERIALIZED, value))


def test_devices_with_every_place_as_evidence():
    found = found_in(devices_tree.files())
    assert found.kind == "devices"
    assert [(step.path, step.text) for step in found.evidence] == [
        (MANAGER, "a PciDeviceList object"),
        (MANAGER, "assigned to `self.pci_devs`"),
        (TRACKER, "`pci_stats` is filled here"),
        (TRACKER, "`pci_stats` is filled here"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("self.pci_tracker.pci_devs", id="the object itself"),
        pytest.param("self.pci_tracker.pci_devs if resources else None", id="or None"),
        pytest.param(
            "None if context else jsonutils.dumps(\n"
            "                self.pci_tracker.pci_devs.obj_to_primitive())",
            id="serialized, or None",
        ),
    ],
)
def test_a_value_that_is_devices(value):
    assert filled_with(value) == "devices"


@pytest.mark.parametrize(
    ("imported", "spelled"),
    [
        ("from nova.objects import pci_device", "pci_device.PciDeviceList"),
        ("from nova.objects import pci_device as pci_device_obj", "pci_device_obj.PciDeviceList"),
        ("from nova.objects.pci_device import PciDeviceList", "PciDeviceList"),
        ("import nova.objects.pci_device", "nova.objects.pci_device.PciDeviceList"),
        ("from nova import objects as nova_objects", "nova_objects.PciDeviceList"),
    ],
)
def test_devices_in_every_spelling_of_the_import(imported, spelled):
    files = devices_tree.files()
    text = files[MANAGER].replace("from nova import objects", imported)
    files[MANAGER] = text.replace("objects.PciDeviceList", spelled)
    assert kind_of(files) == "devices"


def test_devices_in_a_variable_and_with_an_import_in_the_function():
    value = "devs"
    before = "        if self.pci_tracker:\n"
    local = (
        "        from nova import objects\n"
        "        devs = objects.PciDeviceList.get_by_compute_node(context, 1)\n"
    )
    assert handed(tracker=(before, local + before)) == "devices"
    files = devices_tree.files()
    files[TRACKER] = files[TRACKER].replace(before, local + before).replace(SERIALIZED, value)
    assert kind_of(files) == "devices"
    files[TRACKER] = files[TRACKER].replace(before, "        devs = resources\n" + before)
    assert kind_of(files) == "unsure"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("jsonutils.dumps(resources['devices'])", id="unknown"),
        pytest.param("resources", id="a parameter"),
        pytest.param(
            "jsonutils.dumps(self.pci_tracker.pci_devs)", id="not serialized as an object"
        ),
        pytest.param("self.pci_tracker.pci_devs.obj_to_primitive()", id="a dict and no text"),
        pytest.param("self.pci_tracker.devices", id="an attribute that nobody sets"),
        pytest.param("resources.pci_devs", id="of what is not known"),
        pytest.param("self.pci_tracker.pci_devs or []", id="another expression"),
        pytest.param("jsonutils.dumps([])", id="nothing but an empty list"),
    ],
)
def test_a_value_that_is_not_sure(value):
    assert filled_with(value) == "unsure"


def test_a_mixture_is_text():
    assert handed(tracker=(NOTHING, "resources['pci_stats'] = context.pools")) == "unsure"
    assert handed(tracker=(NOTHING, "resources.update(pci_stats=context.pools)")) == "unsure"
    assert handed(tracker=(NOTHING, "resources = {'pci_stats': context.pools}")) == "unsure"
    assert handed(tracker=(NOTHING, "resources.pci_stats = context.pools")) == "unsure"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            "\n    def save(self):\n        self.pci_devs = [d for d in self.pci_devs if d]\n",
            id="in another method",
        ),
        pytest.param("\n\ndef reset(tracker):\n    tracker.pci_devs = []\n", id="from outside"),
        pytest.param(
            "\n\ndef reset(tracker):\n    setattr(tracker, 'pci_devs', [])\n", id="by its name"
        ),
        pytest.param(
            "\n    def reset(self):\n        self.node, self.pci_devs = 1, []\n", id="in a tuple"
        ),
        pytest.param(
            "\n    def walk(self):\n        for self.pci_devs in []:\n            pass\n",
            id="by a loop",
        ),
        pytest.param(
            "\n\nclass Other(PciDevTracker):\n    def reset(self):\n        self.pci_devs = []\n",
            id="by an heir",
        ),
        pytest.param(
            "\n    @property\n    def pci_devs(self):\n        return []\n", id="a property"
        ),
        pytest.param("\n    pci_devs = []\n", id="in the class"),
        pytest.param(
            "\n\ndef _unused(objects):\n    tracker.pci_devs = objects.PciDeviceList()\n",
            id="by what only looks like the class",
        ),
    ],
)
def test_an_attribute_that_is_also_something_else(more):
    files = devices_tree.files()
    files[MANAGER] += more
    assert kind_of(files) == "unsure"


def test_the_attribute_of_an_unrelated_class_does_not_count():
    files = devices_tree.files()
    files[MANAGER] += (
        "\n\nclass Other(object):\n    def __init__(self):\n        self.pci_devs = []\n"
    )
    assert kind_of(files) == "devices"


def test_pools_are_told_from_what_is_not_known():
    pools = "from nova.pci import pci_stats\n\n\nclass PciDevTracker(object):"
    files = devices_tree.files()
    files["nova/pci/pci_stats.py"] = "class PciDeviceStats(object):\n    pass\n"
    files[MANAGER] = files[MANAGER].replace("class PciDevTracker(object):", pools)
    files[MANAGER] += "        self.stats = pci_stats.PciDeviceStats()\n"
    files[TRACKER] = files[TRACKER].replace(SERIALIZED, "jsonutils.dumps(self.pci_tracker.stats)")
    assert kind_of(files) == "pools"


def test_a_file_that_cannot_be_parsed_may_hold_anything():
    files = devices_tree.files()
    files["nova/virt/broken.py"] = "def (:\n    x.pci_devs = []\n"
    assert kind_of(files) == "unsure"


@pytest.mark.parametrize(
    ("reader", "kind"),
    [
        ("def f(row):\n    return 'pci_stats' in row\n", "devices"),
        ("def f(row):\n    return loads(row['pci_stats'])\n", "unsure"),
        ("def f(row):\n    return loads(row.get('pci_stats', '[]'))\n", "unsure"),
    ],
)
def test_text_where_somebody_reads_what_may_be_an_empty_list(reader, kind):
    files = devices_tree.files()
    files[READER] = reader
    assert kind_of(files) == "devices"
    files[TRACKER] = files[TRACKER].replace(NOTHING, "resources['pci_stats'] = jsonutils.dumps([])")
    assert kind_of(files) == kind


def test_text_where_the_value_may_be_read_as_text():
    files = devices_tree.files()
    files[READER] = (
        "def f(objects, context):\n"
        "    return loads(objects.ComputeNode.get_by_id(context, 1)['pci_stats'])\n"
    )
    assert kind_of(files) == "unsure"
    shown = "        LOG.audit('%s', resources['pci_stats'])\n"
    read = "        loads(resources['pci_stats'])\n"
    assert handed(
        tracker=("        self.compute_node =", f"{shown}        self.compute_node =")
    ) == ("devices")
    assert handed(
        tracker=("        self.compute_node =", f"{read}        self.compute_node =")
    ) == ("unsure")


def test_text_where_the_object_has_no_place_for_the_conversion():
    assert handed(node=(" - set(['stats'])", "")) == "unsure"
    assert handed(node=("updates = self.obj_get_changes()\n        self", "self")) == "unsure"


def test_text_where_a_call_stays_with_the_conductor():
    more = (
        "        return [self.conductor_api.compute_node_update(context, {'id': 1}, resources)]\n"
    )
    files = devices_tree.files()
    files[TRACKER] += more
    assert kind_of(files) == "unsure"


# the whole run


def written(root: pathlib.Path, files: dict[str, str]) -> pathlib.Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def rewritten(root: pathlib.Path, files: dict[str, str]) -> dict[str, str]:
    """The tree's files after the run, on the disk as well; a second run finds nothing."""
    result = run(Config(written(root, files)))
    assert result.failures == ()
    for change in result.changes:
        (root / change.path).write_bytes(change.after)
    assert run(Config(root)).changes == ()
    return {path: (root / path).read_text() for path in files}


def test_the_tracker_hands_over_the_object(tmp_path):
    files = devices_tree.files()
    files[TRACKER] = files[TRACKER].replace(NOTHING, "resources['pci_stats'] = jsonutils.dumps([])")
    after = rewritten(tmp_path, files)[TRACKER]
    assert (
        "        if self.pci_tracker:\n"
        "            resources['pci_stats'] = self.pci_tracker.pci_devs\n"
        "        else:\n"
        "            resources['pci_stats'] = None\n"
    ) in after
    assert "jsonutils" not in after


COMPARED = """\
        self.update(context, self.compute_node)
        self.update(context, resources)

    def update(self, context, values):
        if self.changed(values):
            stats = values.copy()
            LOG.debug(stats)

    def changed(self, values):
        if cmp(values, self.old) != 0:
            self.old = copy.deepcopy(values)
            return True
        return False
"""


def test_what_is_copied_and_compared_keeps_the_object(tmp_path):
    files = devices_tree.files()
    files[TRACKER] = files[TRACKER].replace(
        "from nova import con", "import copy\n\nfrom nova import con"
    )
    files[TRACKER] += COMPARED
    after = rewritten(tmp_path, files)[TRACKER]
    assert "            stats = dict(values.items())\n" in after
    assert (
        "        # Objects compare by identity, so compare their primitives.\n"
        "        values = dict((key, obj_base.obj_to_primitive(value))\n"
        "                      for key, value in values.items())\n"
        "        if cmp(values, self.old) != 0:\n"
    ) in after


def test_the_patches_say_which_type_it_is_and_why(tmp_path):
    files = devices_tree.files()

    def first(name: str) -> str:
        result = run(Config(written(tmp_path / name, files)))
        patch = next(data for key, data in series(result).items() if key.startswith("0001"))
        return " ".join(patch.decode().split("---")[0].split())

    assert "pci_stats is a PciDeviceList" in first("devices")
    files[TRACKER] = files[TRACKER].replace(NOTHING, "resources['pci_stats'] = context.pools")
    assert "not every caller is known to pass a list of devices" in first("unsure")


OBJECT = """\
import json

from nova import db
from nova import objects

objects.register_all()
__import__('nova.objects.pci_device')
from nova.compute import resource_tracker


def node(text):
    db.ROWS[9] = {'id': 9, 'service_id': 1, 'vcpus': 4, 'stats': None,
                  'pci_stats': text}
    del db.WRITTEN[:]
    return objects.ComputeNode.get_by_id(None, 9)


def reads(text):
    return node(text).pci_stats


devices = objects.PciDeviceList(objects=[
    objects.PciDevice(address='0000:00:01.0', status='available')])
devices.objects[0].obj_reset_changes()
devices.objects[0].status = 'claimed'
text = json.dumps(devices.obj_to_primitive(), sort_keys=True)
pools = json.dumps([{'count': 2, 'vendor_id': '8086'}])
newer = text.replace('"nova_object.version": "1.1"',
                     '"nova_object.version": "1.9"')

# what is no serialized list of devices is None
assert newer != text
others = [None, '', 'no json', '1', '[]', 'null', pools, newer,
          json.dumps({'nova_object.name': 'PciDevicePoolList'})]
assert [reads(other) for other in others] == [None] * len(others)

# a round trip, and the same text
found = node(text)
assert [d.address for d in found.pci_stats] == ['0000:00:01.0']
assert found.pci_stats.objects[0].status == 'claimed'
assert found.obj_what_changed() == set()
found.pci_stats = devices
found.save(None)
assert db.WRITTEN == [{'pci_stats': text}]
assert db.ROWS[9]['pci_stats'] == text

# what was only read is not written, whatever it is
for other in others + [text]:
    found = node(other)
    found.vcpus = 8
    found.save(None)
    assert db.WRITTEN == [{'vcpus': 8}], db.WRITTEN
    assert db.ROWS[9]['pci_stats'] == other

# set to None it is NULL; set after another form it is written
found = node(text)
found.pci_stats = None
found.save(None)
assert db.ROWS[9]['pci_stats'] is None
found = node(pools)
found.pci_stats = devices
found.save(None)
assert db.ROWS[9]['pci_stats'] == text

# a device that changes within the list counts
found = node(text)
found.pci_stats.objects[0].status = 'allocated'
assert found.obj_what_changed() == set(['pci_stats'])

# text is refused, and the field is not sent
try:
    found.pci_stats = text
except ValueError:
    pass
else:
    raise AssertionError('text was taken')
assert 'pci_stats' not in found.obj_to_primitive()['nova_object.data']

# and the tracker: with devices, and without
db.ROWS.clear()
tracker = resource_tracker.ResourceTracker()
tracker.audit(None, {'service_id': 1, 'vcpus': 4})
tracker.init()
tracker.pci_tracker.pci_devs = devices
tracker.audit(None, {'service_id': 1, 'vcpus': 4})
assert [row['pci_stats'] for _, row in sorted(db.ROWS.items())] == [None, text]
assert list(tracker.compute_node.pci_stats)
assert tracker.compute_node.pci_stats is not devices
print('the object was run')
"""


def test_the_rewritten_object_reads_and_writes_the_column(tmp_path):
    after = rewritten(tmp_path, devices_tree.files())
    assert "'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),\n" in after[NODE]
    assert all(len(line) < 80 for line in after[NODE].splitlines())
    done = subprocess.run(
        [sys.executable, "-B", "-c", OBJECT], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout == "the object was run\n"


RELATIONSHIPS = """\
object_relationships = {
    'BlockDeviceMapping': {'Instance': '1.15'},
    'Service': {'ComputeNode': '1.1'},
}
"""


def test_the_table_of_the_relationships_names_the_list(tmp_path):
    path = "nova/tests/objects/test_objects.py"
    files = {**devices_tree.files(), path: RELATIONSHIPS}
    assert rewritten(tmp_path, files)[path] == (
        "object_relationships = {\n"
        "    'BlockDeviceMapping': {'Instance': '1.15'},\n"
        "    'ComputeNode': {'PciDeviceList': '1.1'},\n"
        "    'Service': {'ComputeNode': '1.1'},\n"
        "}\n"
    )


def test_a_unit_test_that_reads_text_is_named(tmp_path):
    path = "nova/tests/compute/test_resource_tracker.py"
    files = {
        **devices_tree.files(),
        path: """\
import json

from nova.compute import resource_tracker


class TrackerTestCase(object):
    def test_audit(self):
        tracker = resource_tracker.ResourceTracker()
        tracker.audit(None, {})
        self.assertEqual([], json.loads(tracker.compute_node['pci_stats']))
""",
    }
    result = run(Config(written(tmp_path, files)))
    named = [(one.path, one.line, one.test) for one in result.needs_person]
    assert (
        path,
        10,
        "nova.tests.compute.test_resource_tracker.TrackerTestCase.test_audit",
    ) in named
