# SPDX-License-Identifier: Apache-2.0
"""Trees between releases: half converted ones, in which pieces of what is added are missing."""

import pathlib

import older_tree
import pytest
import small_tree
from sources import FILLER, OLDER, changed
from tables import Outcome, in_method, outcome

from codemods.config import Config
from codemods.engine import run
from codemods.model import Item

NODE_PATH = "nova/objects/compute_node.py"
TRACKER_PATH = "nova/compute/tracker.py"

CREATED = "self.conductor_api.compute_node_create(context,"

# the fields of a tree whose stats are rows, when its objects have typed fields already

TYPED_NODE = changed(
    older_tree.COMPUTE_NODE,
    ("from nova.objects import utils\n", "from nova.objects import fields\n"),
    ("'id': int,", "'id': fields.IntegerField(),"),
    ("'service_id': int,", "'service_id': fields.IntegerField(),"),
    ("'memory_mb': int,", "'memory_mb': fields.IntegerField(),"),
    ("utils.str_or_none", "fields.StringField(nullable=True)"),
    ("'hypervisor_version': int,", "'hypervisor_version': fields.IntegerField(),"),
)

TYPED: dict[str, str | None] = {
    **OLDER,
    NODE_PATH: TYPED_NODE,
    "nova/objects/fields.py": small_tree.FIELDS,
}


def tracker_in(root: pathlib.Path, tree: dict[str, str | None]) -> Outcome:
    """What becomes of the tracker of a tree."""
    found = outcome(root, tree[TRACKER_PATH] or "", TRACKER_PATH, tree)
    assert found.failures == ()
    return found


def texts(found: Outcome) -> dict[str, str]:
    """The files that change, by path."""
    return {change.path: change.after.decode() for change in found.result.changes}


def left(found: Outcome, code: str = "call.no-object") -> set[str]:
    """What the calls that stay for a reason say they lack."""
    reasons = {one.reason for one in found.result.declined if one.code == code}
    return {reason.partition(": ")[2] for reason in reasons}


@pytest.mark.parametrize(
    ("gone", "kind"),
    [
        pytest.param((), "DictOfNullableStringsField", id="the best"),
        pytest.param(("DictOfNullableStringsField",), "DictOfStringsField", id="another"),
    ],
)
def test_the_stats_have_a_type_that_the_tree_has(
    gone: tuple[str, ...], kind: str, tmp_path: pathlib.Path
):
    fields = small_tree.FIELDS
    for name in gone:
        fields = changed(fields, (f"class {name}(", f"class Other{name}("))
    found = tracker_in(tmp_path, {**TYPED, "nova/objects/fields.py": fields})
    assert f"'stats': fields.{kind}(nullable=True),\n" in texts(found)[NODE_PATH]
    assert CREATED not in found.text


AGAIN = """\
    def again(self, context):
        self.update(context, self.compute_node)
"""

SET = """\
    def again(self, context):
        self.compute_node['stats'] = {value}
        self.update(context, self.compute_node)
"""


@pytest.mark.parametrize("value", ["self.stats", "dict(self.stats)", "{'io_workload': 1}"])
def test_typed_stats_are_set_as_they_are(value: str, tmp_path: pathlib.Path):
    tracker = changed(older_tree.TRACKER, (AGAIN, SET.format(value=value)))
    found = tracker_in(tmp_path, {**TYPED, TRACKER_PATH: tracker})
    # a node that keeps its columns copies what it is given
    assert f"        self.compute_node.stats = {value}\n" in found.text
    assert "\nclass Kept(" in texts(found)["nova/objects/compute_node_rows.py"]


def test_stats_that_a_function_copies_are_not_copied_twice(tmp_path: pathlib.Path):
    tracker = changed(older_tree.TRACKER, (AGAIN, SET.format(value="self.stats")))
    found = tracker_in(tmp_path, {**OLDER, TRACKER_PATH: tracker})
    assert "        self.compute_node.stats = self.stats\n" in found.text


@pytest.mark.parametrize(
    "relationship",
    [
        pytest.param('relationship(ComputeNode, backref=backref("stats"),', id="the class"),
        pytest.param("relationship(\n        'ComputeNode', backref='stats',", id="on two lines"),
    ],
)
def test_the_rows_of_stats_are_found_however_they_are_related(
    relationship: str, tmp_path: pathlib.Path
):
    models = changed(
        older_tree.MODELS, ('relationship("ComputeNode", backref="stats",', relationship)
    )
    found = tracker_in(tmp_path, {**TYPED, "nova/db/sqlalchemy/models.py": models})
    assert "'stats': fields.DictOf" in texts(found)[NODE_PATH]


@pytest.mark.parametrize(
    ("more", "piece"),
    [
        pytest.param(
            {
                "nova/objects/fields.py": small_tree.FIELDS.replace("DictOf", "OtherDictOf"),
            },
            "a field ComputeNode.stats, and to add it "
            "nova.objects.fields.DictOfNullableStringsField",
            id="type of the field",
        ),
        pytest.param(
            {
                "nova/objects/fields.py": changed(
                    small_tree.FIELDS, ("class StringField(", "class TextField(")
                )
            },
            "a field ComputeNode.pci_stats, and to add it nova.objects.fields.StringField",
            id="type of another",
        ),
        pytest.param(
            {NODE_PATH: f"{TYPED_NODE}".replace("import fields", "import fields as base_fields")},
            None,
            id="its module has another name",
        ),
        pytest.param(
            {
                NODE_PATH: changed(
                    TYPED_NODE,
                    (
                        "for key in compute.fields:\n            compute[key] = db_compute[key]\n",
                        "compute.id = db_compute['id']\n",
                    ),
                )
            },
            "a field ComputeNode.pci_stats, and to add it "
            "ComputeNode._from_db_object() that goes by the fields",
            id="fields are read one by one",
        ),
        pytest.param(
            {
                NODE_PATH: changed(
                    TYPED_NODE,
                    (
                        "for key in compute.fields:\n            compute[key] = db_compute[key]\n",
                        "base.NovaObject._from_db_object(compute, db_compute)\n",
                    ),
                ),
                "nova/db/sqlalchemy/models.py": older_tree.MODELS.partition("class ComputeNodeSt")[
                    0
                ],
            },
            None,
            id="the base reads the fields",
        ),
        pytest.param(
            {NODE_PATH: changed(TYPED_NODE, ("def create(", "def insert("))},
            "ComputeNode.create",
            id="no create()",
        ),
    ],
)
def test_rows_stay_where_their_columns_would_be_lost(
    more: dict[str, str | None], piece: str | None, tmp_path: pathlib.Path
):
    found = tracker_in(tmp_path, {**TYPED, **more})
    if piece is None:
        assert CREATED not in found.text
    else:
        assert CREATED in found.text
        assert piece in left(found)


# what holds a compute node

RELATED = """\

    obj_relationships = {
        'compute_node': [('1.1', '1.4'),
                         ('1.3', '1.5')],
    }
"""


def test_what_holds_a_compute_node_stays_at_its_version(tmp_path: pathlib.Path):
    text = changed(
        small_tree.SERVICE,
        (
            "'compute_node': fields.ObjectField('ComputeNode'),\n        }\n",
            f"'compute_node': fields.ObjectField('ComputeNode'),\n        }}\n{RELATED}",
        ),
    )
    found = outcome(tmp_path, text, "nova/objects/service.py", {"nova/compute/filler.py": FILLER})
    assert found.failures == ()
    assert found.text == text


# the calls

EXAMPLE_PATH = "nova/compute/example.py"


def example(root: pathlib.Path, lines: str, beside: dict[str, str | None]) -> Outcome:
    """What becomes of the lines of a method in a small tree."""
    found = outcome(root, in_method(lines), EXAMPLE_PATH, beside)
    assert found.failures == ()
    return found


@pytest.mark.parametrize(
    ("path", "text", "lines", "piece"),
    [
        pytest.param(
            "nova/objects/service.py",
            changed(small_tree.SERVICE, ("def destroy(", "def remove(")),
            "self.conductor_api.service_destroy(context, values['id'])\n",
            "Service.destroy",
            id="method of another name",
        ),
        pytest.param(
            "nova/objects/service.py",
            changed(
                small_tree.SERVICE,
                (
                    "get_by_compute_host(cls, context, host)",
                    "get_by_compute_host(cls, context, host, topic)",
                ),
            ),
            "service = self.conductor_api.service_get_by_compute_host(context, host)\n",
            "Service.get_by_compute_host(context, host)",
            id="getter that wants more",
        ),
        pytest.param(
            "nova/objects/service.py",
            small_tree.SERVICE[: small_tree.SERVICE.index("\n\nclass ServiceList(")],
            "services = self.conductor_api.service_get_all(context)\n",
            "ServiceList.get_all",
            id="object without its list",
        ),
        pytest.param(
            "nova/objects/instance.py",
            changed(
                small_tree.INSTANCE,
                (
                    "def save(self, context, expected_vm_state=None, expected_task_state=None):\n"
                    "        pass\n",
                    "def save(self, context, expected_task_state=None):\n"
                    "        if 'vm_state' in self.obj_what_changed():\n"
                    "            notifications.send_update(context, self)\n",
                ),
            ),
            "self.conductor_api.instance_update(context, host, node=host)\n",
            "Instance.save() does not notify of every update",
            id="updates that nobody is told of",
        ),
        pytest.param(
            "nova/objects/__init__.py",
            "def register_all():\n    load('instance')\n",
            "service = self.conductor_api.service_get_by_compute_host(context, host)\n",
            "a register_all() that imports nova.objects.service",
            id="registration of another kind",
        ),
    ],
)
def test_call_stays_and_names_the_piece(
    path: str, text: str, lines: str, piece: str, tmp_path: pathlib.Path
):
    found = example(tmp_path, lines, {path: text})
    assert lines.strip() in found.text
    assert left(found) | left(found, "call.object-differs") == {piece}


def test_module_that_is_not_registered_is_registered_in_a_tree_with_a_registry(
    tmp_path: pathlib.Path,
):
    objects = changed(small_tree.OBJECTS, ("    __import__('nova.objects.service')\n", ""))
    lines = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"
    found = example(tmp_path, lines, {"nova/objects/__init__.py": objects})
    assert "objects.Service.get_by_compute_host(context, host)" in found.text
    assert "__import__('nova.objects.service')" in texts(found)["nova/objects/__init__.py"]


def test_no_context_where_methods_refuse_it(tmp_path: pathlib.Path):
    refusing = (
        "def remotable(function):\n"
        "    def wrapper(self, *args):\n"
        "        if args and isinstance(args[0], context.RequestContext):\n"
        "            raise exception.ObjectActionError()\n"
        "        return function(self, None, *args)\n"
        "    return wrapper\n"
    )
    base = changed(small_tree.BASE, ("def remotable(function):\n    return function\n", refusing))
    lines = "self.conductor_api.service_create(context, {'host': host})\n"
    found = example(tmp_path, lines, {"nova/objects/base.py": base})
    assert "service = objects.Service(context)\n" in found.text
    assert "service.create()\n" in found.text


# work items that need others


@pytest.mark.parametrize("item", [item for item in Item if item is not Item.OBJECT_FIELDS])
@pytest.mark.parametrize("tree", [pytest.param(OLDER, id="older"), pytest.param({}, id="small")])
def test_no_item_alone_loses_a_column(
    item: Item, tree: dict[str, str | None], tmp_path: pathlib.Path
):
    around = {**tree, "nova/compute/filler.py": FILLER}
    outcome(tmp_path, "", "nova/compute/empty.py", around)
    result = run(Config(tmp_path, (item,)))
    changes = {change.path: change.after.decode() for change in result.changes}
    creates = any(".create(context)" in text for text in changes.values())
    assert creates is (item is Item.COMPUTE_NODE)
    assert not creates or "'pci_stats': " in changes[NODE_PATH]
    assert (Item.OBJECT_FIELDS in result.items) is bool(result.brought)


def test_the_brought_items_are_said(tmp_path: pathlib.Path):
    outcome(tmp_path, "", "nova/compute/empty.py", {"nova/compute/filler.py": FILLER})
    alone = run(Config(tmp_path, (Item.COMPUTE_NODE,)))
    assert alone.brought == (Item.OBJECT_FIELDS,)
    assert [patch.item for patch in alone.patches] == [Item.OBJECT_FIELDS, Item.COMPUTE_NODE]
    assert run(Config(tmp_path, (Item.MIGRATION,))).brought == ()
    assert run(Config(tmp_path)).brought == ()
