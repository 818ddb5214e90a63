# SPDX-License-Identifier: Apache-2.0
"""The long tail of the column of the PCI devices, converted from and to a list object."""

import pathlib

import pytest
import small_tree
from sources import changed, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
)

from codemods.rules import of_file
from codemods.rules.example_sources import DEVICES_LIST, DEVICES_TRACKER

RULE = "convert_devices_column"

PATH = "nova/objects/compute_node.py"

#: The small tree with code that hands over a list of devices.
BESIDE: dict[str, str | None] = {
    "nova/compute/tracker.py": DEVICES_TRACKER,
    "nova/objects/pci_device.py": DEVICES_LIST,
    "nova/db/sqlalchemy/models.py": """\
class ComputeNode(object):
    id = Column(Integer)
    pci_stats = Column(Text)
""",
}

IMPORTS = """\
from nova import db
from nova import exception
from nova.objects import base
from nova.objects import fields
from nova.openstack.common import jsonutils
"""
IMPORTS_AFTER = changed(
    IMPORTS,
    ("from nova import exception\n", "from nova import exception\nfrom nova import objects\n"),
)

#: The parts of the module before the run, each as far in as it stands.
BEFORE = {
    "imports": IMPORTS,
    "excluded": """\
        fields = set(compute.fields) - set(['stats'])
""",
    "context": """\
        compute._context = context
""",
    "create": """\
    @base.remotable
    def create(self, context):
""",
    "created": """\
        updates = self.obj_get_changes()
""",
    "saved": """\
        updates = self.obj_get_changes()
""",
}

CONVERT = "        self._convert_pci_stats_to_db_format(updates)\n"
READ = """\
        compute['pci_stats'] = compute._pci_stats_from_db_format(
            context, db_compute['pci_stats'])

"""
METHODS = """\
    @staticmethod
    def _pci_stats_from_db_format(context, pci_stats):
        # NOTE: Text of another form, such as the flat list of pools written by
        # an older node, stays in the column until the field is set.
        try:
            primitive = jsonutils.loads(pci_stats) if pci_stats else None
            if (not isinstance(primitive, dict) or
                    primitive.get('nova_object.name') != 'PciDeviceList'):
                return None
            devices = objects.PciDeviceList.obj_from_primitive(primitive,
                                                               context)
        except (ValueError, exception.IncompatibleObjectVersion):
            return None
        # Devices just read have no pending changes.
        for obj in [devices] + devices.objects:
            obj.obj_reset_changes()
        return devices

    def _convert_pci_stats_to_db_format(self, updates):
        if updates.get('pci_stats') is not None:
            updates['pci_stats'] = jsonutils.dumps(
                updates['pci_stats'].obj_to_primitive())

"""

#: And after it.
AFTER = {
    "imports": IMPORTS_AFTER,
    "excluded": """\
        fields = set(compute.fields) - set(['stats', 'pci_stats'])
""",
    "context": READ + BEFORE["context"],
    "create": METHODS + BEFORE["create"],
    "created": BEFORE["created"] + CONVERT,
    "saved": BEFORE["saved"] + CONVERT,
}

FIELD = ("{field}", "        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),\n")
TEXT_FIELD = ("{field}", "        'pci_stats': fields.StringField(nullable=True),\n")
KEPT = """\
    # Not part of this object version, so not sent over RPC.
    unversioned = ('pci_stats',)
    fields = compute_node_rows.kept(fields)
"""


def kept(text: str) -> str:
    """The module, in which the compute node keeps its columns and hands on its rows."""
    text = text.replace("base.remotable", "compute_node_rows.remotable")
    for name, values in (("create", "context, updates"), ("update", "context, self.id, updates")):
        text = changed(
            text,
            (
                "        self._from_db_object(context, self,\n"
                f"                             db.compute_node_{name}({values}))\n",
                "        self._from_db_object(\n            context, self,\n"
                f"            compute_node_rows.compute_node_{name}({values}))\n",
            ),
        )
    line = "from nova.objects import base\n"
    text = changed(
        text,
        (
            "\n    @staticmethod\n    def _from_db_object",
            f"{KEPT}\n    @staticmethod\n    def _from_db_object",
        ),
        (line, f"{line}from nova.objects import compute_node_rows\n"),
        (
            "class ComputeNode(",
            "class ComputeNode(compute_node_rows.KeptColumns,\n                  ",
        ),
    )
    is_used = " db." in text or "= db\n" in text
    return text if is_used else changed(text, ("from nova import db\n", ""))


def node(parts: dict[str, str], other: dict[str, str], field: tuple[str, str] | None) -> str:
    """The module of the object, with some parts that are other than usual."""
    parts = {**parts, **other}
    start = """\
class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
{field}        }

    @staticmethod
    def _from_db_object(context, compute, db_compute):
"""
    made = f"""\
{parts["imports"]}

{changed(start, field if field is not None else ("{field}", ""))}\
{parts["excluded"]}\
        for key in fields:
            compute[key] = db_compute[key]
        compute['stats'] = jsonutils.loads(db_compute['stats'])
{parts["context"]}\
        compute.obj_reset_changes()
        return compute

{parts["create"]}\
        if self.obj_attr_is_set('id'):
            raise exception.ObjectActionError(action='create')
{parts["created"]}\
        self._from_db_object(context, self,
                             db.compute_node_create(context, updates))

    @base.remotable
    def save(self, context):
{parts["saved"]}\
        self._from_db_object(context, self,
                             db.compute_node_update(context, self.id, updates))
"""
    return kept(made) if field is not None else made


#: The list of what is not simply copied, before and after.
EXCLUDED = [
    pytest.param("set(['stats'])", "set(['stats', 'pci_stats'])", id="one"),
    pytest.param("set(['stats', 'cpu_info'])", "set(['stats', 'cpu_info', 'pci_stats'])", id="two"),
    pytest.param("set(['stats',])", "set(['stats', 'pci_stats',])", id="comma at the end"),
    pytest.param(
        "(set(['stats']))  # JSON", "(set(['stats', 'pci_stats']))  # JSON", id="comment behind"
    ),
    pytest.param(
        "set(['stats']); names = []", "set(['stats', 'pci_stats']); names = []", id="semicolon"
    ),
    pytest.param(
        "set(['stats', 'cpu_infos'])", "set(['stats', 'cpu_infos', 'pci_stats'])", id="79 columns"
    ),
    pytest.param(
        "set(['stats', 'cpu_infos2'])",
        "        fields = (set(compute.fields) -\n"
        "                  set(['stats', 'cpu_infos2', 'pci_stats']))\n",
        id="80 columns",
    ),
    pytest.param(
        "set([\n            'stats',  # JSON\n            ])",
        "set([\n            'stats',  # JSON\n            'pci_stats',\n            ])",
        id="comment behind the last",
    ),
]

#: Other parts, before and after.
REWRITTEN = [
    pytest.param(
        {"context": "\n        compute._context = context  # of who asks\n"},
        {"context": f"\n{READ}        compute._context = context  # of who asks\n"},
        id="blank line above, comment behind",
    ),
    pytest.param(
        {"context": "        print compute; compute._context = context\n"},
        {"context": f"{READ}        print compute; compute._context = context\n"},
        id="behind a semicolon, Python 2 syntax",
    ),
    pytest.param(
        {
            "create": "    @base.remotable\n    # anew\n    @base.traced\n"
            "    def create(self, context):\n"
        },
        {
            "create": f"{METHODS}    @base.remotable\n    # anew\n    @base.traced\n"
            "    def create(self, context):\n"
        },
        id="two decorators, comment between",
    ),
    pytest.param(
        {"created": "        updates = self.obj_get_changes()  # all of it\n"},
        {"created": f"        updates = self.obj_get_changes()  # all of it\n{CONVERT}"},
        id="comment behind the changes",
    ),
    pytest.param(
        {
            "saved": """\
        updates = self.obj_get_changes()
        updates.pop('id', None)
        self._convert_stats_to_db_format(updates)  # JSON
"""
        },
        {
            "saved": f"""\
        updates = self.obj_get_changes()
        updates.pop('id', None)
        self._convert_stats_to_db_format(updates)  # JSON
{CONVERT}"""
        },
        id="behind the last conversion",
    ),
    pytest.param(
        {"context": "        # of who asks\n        compute._context = context\n"},
        {"context": f"{READ}        # of who asks\n        compute._context = context\n"},
        id="comment above the context",
    ),
    pytest.param(
        {"create": "    # a new row\n    @base.remotable\n    def create(self, context):\n"},
        {
            "create": f"{METHODS}    # a new row\n    @base.remotable\n"
            "    def create(self, context):\n"
        },
        id="comment above create()",
    ),
    pytest.param(
        {"created": "        updates = self.obj_get_changes(); db.count(updates)\n"},
        {
            "created": f"        updates = self.obj_get_changes()\n{CONVERT}"
            "        db.count(updates)\n"
        },
        id="the changes are used on the same line",
    ),
]

#: Parts of another form, in which the column stays text.
LEFT = [
    pytest.param(
        {"excluded": "        fields = set(compute.fields) - set(('stats',))\n"}, id="a tuple"
    ),
    pytest.param(
        {"excluded": "        fields = [f for f in compute.fields if f != 'stats']\n"}, id="a loop"
    ),
    pytest.param(
        {"excluded": "        fields = set(compute.fields) - set([f for f in ('stats',)])\n"},
        id="a comprehension",
    ),
    pytest.param({"context": "        compute.set_context(context)\n"}, id="context set otherwise"),
    pytest.param(
        {"created": "        updates = dict(self.obj_get_changes())\n"}, id="changes got otherwise"
    ),
    pytest.param(
        {"saved": "        if self.id:\n            updates = self.obj_get_changes()\n"},
        id="changes got in a block",
    ),
    pytest.param(
        {
            "imports": changed(
                IMPORTS, ("from nova.openstack.common import jsonutils\n", "jsonutils = db\n")
            )
        },
        id="JSON is not imported",
    ),
    pytest.param({"excluded": "        fields = set(compute.fields) - EXCLUDED\n"}, id="constant"),
    pytest.param(
        {"excluded": "        fields = set(compute.fields) & set(['stats'])\n"},
        id="fields that are copied",
    ),
    pytest.param({"excluded": "        fields = set(compute.fields)\n"}, id="all fields"),
    pytest.param(
        {"excluded": "        if context: fields = set(compute.fields) - set(['stats'])\n"},
        id="fields told in a block",
    ),
    pytest.param(
        {
            "create": f"""\
    def _pci_stats_from_db_format(self, text):
        return text

{BEFORE["create"]}"""
        },
        id="method with the name of a new one",
    ),
    pytest.param({"context": ""}, id="no context"),
    pytest.param({"context": "        db_compute._context = context\n"}, id="context of the row"),
    pytest.param({"context": "        compute._context = None\n"}, id="another context"),
    pytest.param(
        {"context": "        if context:\n            compute._context = context\n"},
        id="context set in a block",
    ),
    pytest.param(
        {"saved": "        updates = self.obj_get_changes() or {}\n"}, id="changes or nothing"
    ),
]


@pytest.mark.parametrize(("before", "after"), EXCLUDED)
def test_column_is_not_copied(before: str, after: str, tmp_path: pathlib.Path):
    start = "        fields = set(compute.fields) - "
    check_file_rewritten(
        tmp_path,
        RULE,
        node(BEFORE, {"excluded": f"{start}{before}\n"}, None),
        node(AFTER, {"excluded": after if after.startswith(" ") else f"{start}{after}\n"}, FIELD),
        PATH,
        BESIDE,
    )


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: dict[str, str], after: dict[str, str], tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path, RULE, node(BEFORE, before, None), node(AFTER, after, FIELD), PATH, BESIDE
    )


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(
            (("compute, db_compute)", "compute, row)"), ("db_compute[", "row[")), id="row"
        ),
        pytest.param((("fields = set", "copied = set"), ("in fields:", "in copied:")), id="fields"),
    ],
)
def test_rewritten_under_other_names(names: tuple[tuple[str, str], ...], tmp_path: pathlib.Path):
    before, after = node(BEFORE, {}, None), node(AFTER, {}, FIELD)
    for old, new in names:
        before, after = before.replace(old, new), after.replace(old, new)
    check_file_rewritten(tmp_path, RULE, before, after, PATH, BESIDE)


def test_variable_of_the_changes_is_handed_on(tmp_path: pathlib.Path):
    before = node(BEFORE, {}, None).replace("updates", "changes")
    after = node({**AFTER, "create": BEFORE["create"]}, {}, FIELD).replace("updates", "changes")
    create = "    @compute_node_rows.remotable\n    def create"
    after = changed(after, (create, METHODS + create))
    check_file_rewritten(tmp_path, RULE, before, after, PATH, BESIDE)


def test_methods_stand_above_create_wherever_that_is(tmp_path: pathlib.Path):
    def swapped(text: str, methods: str, decorator: str) -> str:
        start, _, rest = text.partition(f"{methods}    @{decorator}\n    def create")
        create, _, save = rest.partition(f"\n    @{decorator}\n    def save")
        return (
            f"{start}    @{decorator}\n    def save{save}\n"
            f"{methods}    @{decorator}\n    def create{create}"
        )

    before = swapped(node(BEFORE, {}, None), "", "base.remotable")
    after = swapped(node(AFTER, {}, FIELD), METHODS, "compute_node_rows.remotable")
    check_file_rewritten(tmp_path, RULE, before, after, PATH, BESIDE)


def test_list_is_imported_where_objects_have_no_registry(tmp_path: pathlib.Path):
    base = changed(
        small_tree.BASE,
        (
            "class NovaObjectMetaclass(type):\n    def __init__(cls, names, bases, dict_):\n"
            "        setattr(objects, cls.__name__, cls)\n\n\n",
            "",
        ),
    )
    line = "from nova.objects import fields\n"
    after = node(
        AFTER,
        {"imports": changed(IMPORTS, (line, f"{line}from nova.objects import pci_device\n"))},
        FIELD,
    )
    after = after.replace("objects.PciDeviceList.", "pci_device.PciDeviceList.")
    after = changed(after, (f"{' ' * 63}context)", f"{' ' * 66}context)"))
    beside = {**BESIDE, "nova/objects/base.py": base}
    check_file_rewritten(tmp_path, RULE, node(BEFORE, {}, None), after, PATH, beside)


def test_objects_imported_already(tmp_path: pathlib.Path):
    before = node(BEFORE, {"imports": IMPORTS_AFTER}, None)
    check_file_rewritten(tmp_path, RULE, before, node(AFTER, {}, FIELD), PATH, BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    before, after = crlf(node(BEFORE, {}, None)), crlf(node(AFTER, {}, FIELD))
    check_file_rewritten(tmp_path, RULE, before, after, PATH, BESIDE)


def test_rewritten_where_the_dict_is_made_for_the_call(tmp_path: pathlib.Path):
    tracker = changed(DEVICES_TRACKER, ("    values[", "    values = {}\n    values["))
    beside = {**BESIDE, "nova/compute/tracker.py": tracker}
    check_file_rewritten(
        tmp_path, RULE, node(BEFORE, {}, None), node(AFTER, {}, FIELD), PATH, beside
    )


@pytest.mark.parametrize("other", LEFT)
def test_text_where_a_part_has_another_form(other: dict[str, str], tmp_path: pathlib.Path):
    after = node(BEFORE, other, TEXT_FIELD)
    check_file_not_known(tmp_path, RULE, node(BEFORE, other, None), after, PATH, BESIDE)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            {
                "nova/compute/tracker.py": DEVICES_TRACKER.replace(
                    "devices.obj_to_primitive()", "[context]"
                )
            },
            id="something else is handed over",
        ),
        pytest.param(
            {
                "nova/compute/other.py": """\
from nova import conductor


def write(context, values):
    values['pci_stats'] = '[]'
    conductor.API().compute_node_create(context, values)
"""
            },
            id="text is handed over elsewhere",
        ),
        pytest.param(
            {"nova/compute/tracker.py": changed(DEVICES_TRACKER, (".obj_to_primitive()", ""))},
            id="the list itself is handed over",
        ),
        pytest.param(
            {
                "nova/compute/tracker.py": changed(
                    DEVICES_TRACKER, (".PciDeviceList.", ".InstanceList.")
                )
            },
            id="another list is handed over",
        ),
        pytest.param(
            {
                "nova/compute/tracker.py": changed(
                    DEVICES_TRACKER, ("    values[", "    devices = context\n    values[")
                )
            },
            id="the name is bound to something else",
        ),
        pytest.param(
            {
                "nova/compute/tracker.py": changed(
                    DEVICES_TRACKER, ("    values[", "    other = {}\n    other[")
                )
            },
            id="another dict gets the list",
        ),
        pytest.param(
            {
                "nova/compute/other.py": changed(
                    DEVICES_TRACKER, ("    values[", "    other = dict(id=1)\n    other[")
                )
            },
            id="another dict gets the list, too",
        ),
        pytest.param({"nova/objects/pci_device.py": "DEVICES = []\n"}, id="no list object"),
        pytest.param(
            {
                "nova/objects/pci_device.py": changed(
                    DEVICES_LIST, ("base.ObjectListBase, base.NovaObject", "object")
                )
            },
            id="list that is no object",
        ),
        pytest.param(
            {
                "nova/objects/fields.py": small_tree.FIELDS.replace(
                    "class ObjectField(", "class OtherField("
                ).replace("super(ObjectField", "super(OtherField")
            },
            id="no field for objects",
        ),
    ],
)
def test_text_where_no_list_can_be(more: dict[str, str | None], tmp_path: pathlib.Path):
    after = node(BEFORE, {}, TEXT_FIELD)
    beside = {**BESIDE, **more}
    check_file_not_known(tmp_path, RULE, node(BEFORE, {}, None), after, PATH, beside)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"nova/compute/tracker.py": "ROWS = []\n"}, id="nobody fills the column"),
        pytest.param({"nova/db/sqlalchemy/models.py": "ROWS = []\n"}, id="no column"),
        pytest.param(
            {"nova/compute/tracker.py": None, "nova/tests/compute/tracker.py": DEVICES_TRACKER},
            id="only unit tests fill the column",
        ),
        pytest.param(
            {
                "nova/compute/tracker.py": changed(
                    DEVICES_TRACKER, ("'pci_stats'", "'pci_devices'")
                ),
            },
            id="another column",
        ),
        pytest.param(
            {
                "nova/db/sqlalchemy/models.py": """\
class Service(object):
    id = Column(Integer)
    pci_stats = Column(Text)
"""
            },
            id="column of another table",
        ),
    ],
)
def test_nothing_for_the_rule(more: dict[str, str | None], tmp_path: pathlib.Path):
    source = node(BEFORE, {}, None)
    check_file_not_known(tmp_path, RULE, source, None, PATH, {**BESIDE, **more})


@pytest.mark.parametrize(
    ("source", "path"),
    [
        pytest.param(node(AFTER, {}, FIELD), PATH, id="done already"),
        pytest.param(
            node(BEFORE, {}, None).replace("class ComputeNode(", "class HostNode("),
            PATH,
            id="another class",
        ),
        pytest.param(node(BEFORE, {}, None), "nova/compute/compute_node.py", id="another package"),
    ],
)
def test_nothing_for_the_rule_in_other_modules(source: str, path: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, path, BESIDE)


def test_left_and_listed_where_the_name_is_taken(tmp_path: pathlib.Path):
    imports = f"{IMPORTS}from nova.pci import objects\n"
    source = node(BEFORE, {"imports": imports}, None)
    found = check_file_left(tmp_path, RULE, source, None, "import.name-taken", PATH, BESIDE)
    assert "`objects` is nova.pci.objects" in found.declined[0].reason


@pytest.mark.parametrize(("before", "after"), REWRITTEN[:3])
def test_rewritten_by_rules_in_the_other_order(
    before: dict[str, str],
    after: dict[str, str],
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Another rule changes what decorates the methods, one puts others before them."""
    monkeypatch.setattr(of_file, "OBJECT_RULES", of_file.OBJECT_RULES[::-1])
    check_file_rewritten(
        tmp_path, RULE, node(BEFORE, before, None), node(AFTER, after, FIELD), PATH, BESIDE
    )
