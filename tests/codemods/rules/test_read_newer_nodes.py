# SPDX-License-Identifier: Apache-2.0
"""The long tail of services that a conductor of the next release answers with."""

import pathlib

import older_tree
import pytest
from sources import OLDER, changed, crlf
from tables import check_file_not_known, check_file_rewritten

RULE = "read_newer_nodes"

PATH = "nova/objects/service.py"

BASE = """\
class NovaObject(object):
    @classmethod
    def _obj_from_primitive(cls, context, objver, primitive):
        return cls()
"""

BESIDE: dict[str, str | None] = {"nova/objects/base.py": BASE}

SERVICE = """\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'compute_node': fields.ObjectField('ComputeNode'),
        }
"""

READER = """\

    @classmethod
    def _obj_from_primitive(cls, context, objver, primitive):
        read = super(Service, cls)._obj_from_primitive
        try:
            return read(context, objver, primitive)
        except exception.IncompatibleObjectVersion:
            # A newer conductor may nest a newer ComputeNode; drop it and let
            # it be lazy-loaded.
            data = dict(primitive['nova_object.data'])
            if data.pop('compute_node', None) is None:
                raise
            known = dict(primitive, **{'nova_object.data': data})
            return read(context, objver, known)
"""

IMPORT = (
    "from nova.objects import base\n",
    "from nova import exception\nfrom nova.objects import base\n",
)

MORE = [
    pytest.param("", id="the fields are the last"),
    pytest.param("\n    def show(self):\n        print self\n", id="a method, Python 2 syntax"),
    pytest.param("    LIMIT = 1; STEP = 2\n", id="another statement"),
]

NOT_KNOWN = [
    pytest.param(
        f"{SERVICE}\n    def obj_make_compatible(self, primitive, target_version):\n        pass\n",
        BESIDE,
        id="its versions tell",
    ),
    pytest.param(SERVICE.replace("'compute_node'", "'node'"), BESIDE, id="no compute node"),
    pytest.param(
        SERVICE,
        {"nova/objects/base.py": BASE.replace("_obj_from", "_from")},
        id="a base without the method",
    ),
    pytest.param(SERVICE + READER, BESIDE, id="done already"),
]

#: In trees whose fields are functions the service itself reads its compute node.
PLAIN = changed(
    older_tree.SERVICE,
    (
        "        'host': utils.str_or_none,\n",
        "        'host': utils.str_or_none,\n        'compute_node': object,\n",
    ),
    (
        "    @base.remotable_classmethod\n",
        "    def _attr_compute_node_from_primitive(self, val):\n"
        "        return base.NovaObject.obj_from_primitive(val)  # any\n\n"
        "    @base.remotable_classmethod\n",
    ),
)


@pytest.mark.parametrize("more", MORE)
def test_a_newer_node_is_left_out(more: str, tmp_path: pathlib.Path):
    after = changed(SERVICE + READER, IMPORT) + more
    check_file_rewritten(tmp_path, RULE, SERVICE + more, after, PATH, BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    after = crlf(changed(SERVICE + READER, IMPORT))
    check_file_rewritten(tmp_path, RULE, crlf(SERVICE), after, PATH, BESIDE)


@pytest.mark.parametrize(("source", "beside"), NOT_KNOWN)
def test_nothing_for_the_rule(source: str, beside: dict[str, str | None], tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, PATH, beside)


def test_a_node_is_read_as_far_as_it_is_known(tmp_path: pathlib.Path):
    rest = {path: text for path, text in OLDER.items() if path != PATH}
    base = f"{older_tree.BASE}\n\ndef obj_from_primitive(primitive):\n    return primitive\n"
    after = changed(
        PLAIN,
        ("base.NovaObject.obj_from_primitive", "compute_node.ComputeNode.obj_from_primitive"),
        (
            "from nova.objects import base\n",
            "from nova.objects import base\nfrom nova.objects import compute_node\n",
        ),
    )
    check_file_rewritten(tmp_path, RULE, PLAIN, after, PATH, {**rest, "nova/objects/base.py": base})
