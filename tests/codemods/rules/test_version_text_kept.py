"""The long tail of the field that takes a version which is text."""

import pathlib

import older_tree
import pytest
from sources import OLDER, changed, crlf
from tables import assert_same_text, check_file_not_known, check_file_rewritten, outcome

from codemods.model import Item

RULE = "version_text_kept"

NODE_PATH = "nova/objects/compute_node.py"

#: Of a tree in which a driver hands over text; the one field that is added is no matter here.
NODE = """\
from nova.objects import base
from nova.objects import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': int,
        'hypervisor_version': int,
        'hypervisor_hostname': utils.str_or_none,
        'stats': dict,
        }

    @base.remotable
    def create(self, context):
        pass
"""

FUNCTION = '''\
def version_value(val):
    """Keep a version that is no number as the text that a driver gave."""
    try:
        return int(val)
    except ValueError:
        return utils.str_value(val)
'''

HISTORY = "    # Version 1.0: Initial version\n"
ADDED = (
    (
        f"{HISTORY}    VERSION = '1.0'\n",
        f"{HISTORY}    # Version 1.1: Added pci_stats field\n    VERSION = '1.1'\n",
    ),
    (
        "        'stats': dict,\n",
        "        'stats': dict,\n        'pci_stats': utils.str_or_none,\n",
    ),
)

#: How the module is changed before the run, and after it.
FIELDS_REWRITTEN = [
    pytest.param(
        (),
        (("class C", f"{FUNCTION}\n\nclass C"), ("version': int", "version': version_value")),
        id="plain",
    ),
    pytest.param(
        (("class C", "@base.registered\nclass C"), ("version': int,", "version': int,  # or not")),
        (
            ("class C", f"{FUNCTION}\n\n@base.registered\nclass C"),
            ("version': int,", "version': version_value,  # or not"),
        ),
        id="decorated class, comment behind",
    ),
    pytest.param(
        (("version': int,\n", "version': (\n            int),\n"),),
        (
            ("class C", f"{FUNCTION}\n\nclass C"),
            ("version': int,\n", "version': (\n            version_value),\n"),
        ),
        id="parenthesised",
    ),
    pytest.param(
        (("class C", "# A node.\nclass C"),),
        (
            ("class C", f"{FUNCTION}\n\n# A node.\nclass C"),
            ("version': int", "version': version_value"),
        ),
        id="comment above the class",
    ),
    pytest.param(
        (("class C", "OTHER = {'hypervisor_version': int}\n\n\nclass C"),),
        (
            ("version': int", "version': version_value"),
            ("class C", f"OTHER = {{'hypervisor_version': int}}\n\n\n{FUNCTION}\n\nclass C"),
        ),
        id="another dict in the module",
    ),
    pytest.param(
        (("from nova.objects import utils\n", ""), ("utils.str_or_none", "unicode")),
        (
            ("hostname': utils.str_or_none", "hostname': unicode"),
            ("class C", f"{FUNCTION}\n\nclass C"),
            ("version': int", "version': version_value"),
        ),
        id="no import of the functions",
    ),
]


def beside(**files: str) -> dict[str, str | None]:
    """The older tree without its own compute node, and with some files changed."""
    replaced = {"models": "nova/db/sqlalchemy/models.py", "driver": "nova/virt/driver.py"}
    rest = {path: text for path, text in OLDER.items() if path != NODE_PATH}
    return {**rest, **{replaced[name]: text for name, text in files.items()}}


@pytest.mark.parametrize(("before", "after"), FIELDS_REWRITTEN)
def test_field_rewritten(
    before: tuple[tuple[str, str], ...],
    after: tuple[tuple[str, str], ...],
    tmp_path: pathlib.Path,
):
    expected = changed(NODE, *after, *ADDED)
    check_file_rewritten(tmp_path, RULE, changed(NODE, *before), expected, NODE_PATH, beside())


def test_field_rewritten_with_its_line_endings(tmp_path: pathlib.Path):
    after = changed(
        NODE,
        ("class C", f"{FUNCTION}\n\nclass C"),
        ("version': int", "version': version_value"),
        *ADDED,
    )
    check_file_rewritten(tmp_path, RULE, crlf(NODE), crlf(after), NODE_PATH, beside())


def test_field_rewritten_where_nothing_else_is(tmp_path: pathlib.Path):
    models = changed(older_tree.MODELS, ("    pci_stats = Column(Text)\n", ""))
    after = changed(
        NODE, ("class C", f"{FUNCTION}\n\nclass C"), ("version': int", "version': version_value")
    )
    check_file_rewritten(tmp_path, RULE, NODE, after, NODE_PATH, beside(models=models))


def test_field_left_where_no_text_is_handed_over(tmp_path: pathlib.Path):
    driver = changed(older_tree.VIRT, ("'5.1.0'", "5001000"))
    check_file_not_known(
        tmp_path, RULE, NODE, changed(NODE, *ADDED), NODE_PATH, beside(driver=driver)
    )


@pytest.mark.parametrize(
    ("kind", "utils"),
    [
        pytest.param("utils.int_or_none", older_tree.UTILS, id="another function"),
        pytest.param(
            "int", older_tree.UTILS.replace("str_value", "text_value"), id="nothing keeps text"
        ),
    ],
)
def test_calls_stay_where_the_field_would_refuse_text(
    kind: str, utils: str, tmp_path: pathlib.Path
):
    before = changed(NODE, ("version': int", f"version': {kind}"))
    around = {**beside(), "nova/objects/utils.py": utils}
    found = outcome(tmp_path, before, NODE_PATH, around)
    assert found.failures == ()
    assert_same_text(found.text, before)
    reasons = {one.reason for one in found.result.declined if one.item is Item.COMPUTE_NODE}
    piece = "a field ComputeNode.hypervisor_version that takes text"
    assert any(one.endswith(piece) for one in reasons)
    changes = {one.path: one.after.decode() for one in found.result.changes}
    assert "compute_node_update(" in changes["nova/compute/tracker.py"]
    assert "compute_node_create(" in changes["nova/compute/tracker.py"]
