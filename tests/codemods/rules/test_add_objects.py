# SPDX-License-Identifier: Apache-2.0
"""The long tail of what the tree's package of objects lacks as a whole."""

import pathlib

import older_tree
import pytest
from sources import OLDER, READER_PATH, changed, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
    outcome,
)

from codemods.rules.example_sources import SERVICE_NODES_READER

RULE = "add_objects"

# a getter of the nodes of one service

NODE_PATH = "nova/objects/compute_node.py"

BESIDE = {READER_PATH: SERVICE_NODES_READER}

NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))
"""

GETTER = """\

    @classmethod
    def get_by_service(cls, context, service):
        # Not remotable: conductors of other releases may lack this method.
        try:
            db_computes = compute_node_rows.compute_nodes_of_host(context,
                                                                  service.host)
        except exception.ComputeHostNotFound:
            # A service deleted in the meantime has no nodes.
            db_computes = []
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db_computes)
"""

BASE = "from nova.objects import base\n"
ROWS = (BASE, f"{BASE}from nova.objects import compute_node_rows\n")
IMPORT = ("from nova import db\n", "from nova import db\nfrom nova import exception\n")

LAST = "                                  db.compute_node_get_all(context))\n"

#: The end of the module, from the last line of its last method on; before, and after.
ENDS = [
    pytest.param(LAST, LAST + GETTER, id="a method"),
    pytest.param(
        f"{LAST[:-1]}  # all of them\n",
        f"{LAST[:-1]}  # all of them\n{GETTER}",
        id="comment behind",
    ),
    pytest.param(
        f"{LAST}\n    def first(self): return self[0]\n",
        f"{LAST}\n    def first(self): return self[0]\n{GETTER}",
        id="a method on one line",
    ),
    pytest.param(
        f"{LAST}\n    LIMIT = 1; STEP = 2;\n",
        f"{LAST}\n    LIMIT = 1; STEP = 2;\n{GETTER}",
        id="statements with semicolons",
    ),
    pytest.param(
        f'{LAST}\n    TEXT = """one\ntwo"""\n',
        f'{LAST}\n    TEXT = """one\ntwo"""\n{GETTER}',
        id="text",
    ),
    pytest.param(
        f"{LAST}\n    class Meta(object):\n        pass\n",
        f"{LAST}\n    class Meta(object):\n        pass\n{GETTER}",
        id="a class inside",
    ),
    pytest.param(
        f"{LAST}\n    def show(self):\n        print self\n",
        f"{LAST}\n    def show(self):\n        print self\n{GETTER}",
        id="Python 2 syntax",
    ),
    pytest.param(
        f"{LAST}\n\n# No method.\ndef show(nodes):\n    return nodes\n",
        f"{LAST}{GETTER}\n\n# No method.\ndef show(nodes):\n    return nodes\n",
        id="a function with a comment follows",
    ),
    pytest.param(
        LAST[:-1],
        LAST + GETTER[:-1],
        id="no newline at the end",
    ),
    pytest.param(
        f"{LAST}        # in no order\n",
        f"{LAST}        # in no order\n{GETTER}",
        id="comment at the end of the method",
    ),
]

#: How the module is changed before the run, and after it; the getter is at its end.
REWRITTEN = [
    pytest.param(
        (("class ComputeNodeList(", "@base.registered\nclass ComputeNodeList("),),
        (IMPORT, ("class ComputeNodeList(", "@base.registered\nclass ComputeNodeList(")),
        id="decorated class",
    ),
    pytest.param((IMPORT,), (IMPORT,), id="exceptions imported already"),
    pytest.param(
        (
            ("from nova import db\n", "import time\n\nfrom nova import db\n"),
            ("'1.1'", "time.time()"),
        ),
        (
            (IMPORT[0], f"import time\n\n{IMPORT[1]}"),
            ("'1.1'", "time.time()"),
        ),
        id="imports of two groups",
    ),
    pytest.param(
        (("from nova import db\n", ""), ("db.compute_node_get_all(context)", "[]")),
        (
            ("from nova import db\n", "from nova import exception\n"),
            ("db.compute_node_get_all(context)", "[]"),
        ),
        id="database not imported",
    ),
]

SHORT = NODE[: NODE.index("class ComputeNodeList(")]
HEADER = "class ComputeNodeList(base.ObjectListBase, base.NovaObject):"


def indented(text: str) -> str:
    """The lines, four columns further in."""
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(True))


FURTHER_IN = changed(
    indented(GETTER),
    (
        "compute_nodes_of_host(context,\n" + " " * 70 + "service.host)",
        "compute_nodes_of_host(\n" + " " * 20 + "context, service.host)",
    ),
)

#: The class of the list, before and after.
CLASSES = [
    pytest.param(f"{HEADER}\n    pass\n", f"{HEADER}\n    pass\n{GETTER}", id="nothing in it"),
    pytest.param(
        f'{HEADER}\n    """Nodes."""\n', f'{HEADER}\n    """Nodes."""\n{GETTER}', id="docstring"
    ),
    pytest.param(
        f"{HEADER} pass\n",
        f"{HEADER}\n    pass\n{GETTER}",
        id="on one line",
    ),
    pytest.param(
        f"if base:\n    {HEADER}\n        pass\n",
        f"if base:\n    {HEADER}\n        pass\n{FURTHER_IN}",
        id="in a block",
    ),
]

HAS_GETTER = (
    f"{NODE}\n    @classmethod\n    def get_by_service(cls, context, service):\n        pass\n"
)

READS_OTHERWISE = [
    pytest.param("nodes = service.get('compute_node')", True, id="by get()"),
    pytest.param("nodes = service['compute_node'][0]['id']", True, id="the first one"),
    pytest.param("nodes = service['host']", False, id="another key"),
    pytest.param("nodes = {}['compute_node']", False, id="another row"),
    pytest.param("nodes = 'compute_node' in service", False, id="only asked for"),
    pytest.param("service['compute_node'] = nodes = []", False, id="only stored"),
    pytest.param("nodes = service.pop('compute_node')", False, id="taken out"),
    pytest.param("nodes = service[self.key]", False, id="a key that is a name"),
    pytest.param("nodes = service['compute_nodes']", False, id="a key like that"),
    pytest.param("nodes = None  # service['compute_node']", False, id="in a comment"),
    pytest.param(
        "nodes = lambda service: service['compute_node']", False, id="parameter of a lambda"
    ),
    pytest.param(
        "nodes = [service['compute_node'] for service in host]",
        False,
        id="name of a comprehension",
    ),
    pytest.param(
        "service = {}\n        nodes = service['compute_node']", False, id="name bound to a dict"
    ),
    pytest.param(
        "service = self.conductor_api.migration_get(context, host)\n"
        "        nodes = service['compute_node']",
        False,
        id="row of another table",
    ),
    pytest.param(
        "service = self.conductor_api.service_get_by_host_and_topic(context, host, host)\n"
        "        nodes = service['compute_node']",
        False,
        id="row of a call that stays",
    ),
]


@pytest.mark.parametrize(("before", "after"), ENDS)
def test_getter_is_the_last_method(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        changed(NODE, (LAST, before)),
        changed(NODE, (LAST, after), IMPORT, ROWS),
        NODE_PATH,
        BESIDE,
    )


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_getter_added(
    before: tuple[tuple[str, str], ...],
    after: tuple[tuple[str, str], ...],
    tmp_path: pathlib.Path,
):
    expected = changed(NODE, *after, ROWS) + GETTER
    check_file_rewritten(tmp_path, RULE, changed(NODE, *before), expected, NODE_PATH, BESIDE)


@pytest.mark.parametrize(("before", "after"), CLASSES)
def test_getter_added_to_the_class(before: str, after: str, tmp_path: pathlib.Path):
    start = f"{SHORT}FIRST = db.first()\n\n\n"
    check_file_rewritten(
        tmp_path, RULE, start + before, changed(start, IMPORT, ROWS) + after, NODE_PATH, BESIDE
    )


def test_getter_added_between_classes(tmp_path: pathlib.Path):
    head, node = SHORT.rstrip("\n").split("\n\n\n")
    nodes = NODE.removeprefix(SHORT)
    before = f"{head}\n\n\n{nodes}\n\n{node}\n"
    after = changed(f"{head}\n\n\n{nodes}{GETTER}\n\n{node}\n", IMPORT, ROWS)
    check_file_rewritten(tmp_path, RULE, before, after, NODE_PATH, BESIDE)


def test_getter_added_with_the_line_endings(tmp_path: pathlib.Path):
    after = crlf(changed(NODE, IMPORT, ROWS) + GETTER)
    check_file_rewritten(tmp_path, RULE, crlf(NODE), after, NODE_PATH, BESIDE)


@pytest.mark.parametrize(("line", "added"), READS_OTHERWISE)
def test_getter_added_for_who_reads_nodes(line: str, added: bool, tmp_path: pathlib.Path):
    reader = changed(SERVICE_NODES_READER, ("nodes = service['compute_node']", line))
    found = outcome(tmp_path, NODE, NODE_PATH, {READER_PATH: reader})
    assert found.failures == ()
    assert (RULE in found.rules) is added


@pytest.mark.parametrize(
    ("source", "beside"),
    [
        pytest.param(HAS_GETTER, BESIDE, id="there already"),
        pytest.param(NODE, {}, id="nobody reads nodes"),
        pytest.param(
            NODE,
            {"nova/tests/compute/test_reader.py": SERVICE_NODES_READER},
            id="a unit test reads nodes",
        ),
        pytest.param(f"{SHORT.rstrip()}\n", BESIDE, id="no list object"),
        pytest.param(
            f"{NODE}\n    @staticmethod\n    def get_by_service(context, service):\n        pass\n",
            BESIDE,
            id="there in another form",
        ),
        pytest.param(
            f"{NODE}\n    if db:\n        def get_by_service(self, context):\n            pass\n",
            BESIDE,
            id="there in a block",
        ),
        pytest.param(
            NODE.replace("class ComputeNodeList(", "class HostNodeList("),
            BESIDE,
            id="another list object",
        ),
        pytest.param(
            f"{SHORT}class Lists(object):\n{indented(NODE.removeprefix(SHORT))}",
            BESIDE,
            id="class in a class",
        ),
    ],
)
def test_no_getter(source: str, beside: dict[str, str | None], tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, NODE_PATH, beside)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{NODE}\n    get_by_service = get_all\n", id="another name of a method"),
        pytest.param(
            changed(NODE, (HEADER, HEADER.replace("base.ObjectListBase", "Nodes"))).replace(
                "class ComputeNodeList(",
                "class Nodes(base.ObjectListBase):\n"
                "    def get_by_service(self, context):\n        pass\n\n\n"
                "class ComputeNodeList(",
            ),
            id="inherited",
        ),
        pytest.param(
            f"{NODE}\n    if db:\n        from nova.db import get_by_service\n",
            id="imported in a block",
        ),
    ],
)
def test_no_getter_that_would_hide_another(source: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, NODE_PATH, BESIDE)
    found = outcome(tmp_path, SERVICE_NODES_READER, READER_PATH, {NODE_PATH: source})
    assert "nodes = service['compute_node']" in found.text
    piece = "that ComputeNodeList has nothing else of the name get_by_service"
    assert any(one.reason.endswith(piece) for one in found.declined)


def test_left_and_listed_where_the_name_is_taken(tmp_path: pathlib.Path):
    source = f"from nova.api import exception\n{NODE}"
    found = check_file_left(tmp_path, RULE, source, None, "import.name-taken", NODE_PATH, BESIDE)
    assert "`exception` is nova.api.exception" in found.declined[0].reason


# the modules that RPC knows, and the new files

OBJECTS_PATH = "nova/objects/__init__.py"
NEW_ROWS = "nova/objects/compute_node_rows.py"
FLAVOR = ("nova/objects/flavor.py", "nova/tests/objects/test_flavor.py")

REGISTRY = """\
def register_all():
    __import__('nova.objects.instance')
    __import__('nova.objects.migration')
"""

MISSING = """\
    __import__('nova.objects.compute_node')
    __import__('nova.objects.flavor')
    __import__('nova.objects.service')
"""

#: The whole module.
REGISTERED = [
    pytest.param(REGISTRY, REGISTRY + MISSING, id="behind the others"),
    pytest.param(
        f"{REGISTRY[:-1]}  # the last\n    # is last\n",
        f"{REGISTRY[:-1]}  # the last\n{MISSING}    # is last\n",
        id="comments behind and below",
    ),
    pytest.param(
        changed(REGISTRY, ("instance')\n    ", "instance'); ")),
        changed(REGISTRY, ("instance')\n    ", "instance'); ")) + MISSING,
        id="two on a line",
    ),
    pytest.param(
        changed(REGISTRY, ("('nova.objects.migration'", "(\n        'nova.objects.migration'")),
        changed(REGISTRY, ("('nova.objects.migration'", "(\n        'nova.objects.migration'"))
        + MISSING,
        id="on two lines",
    ),
    pytest.param(
        f"{REGISTRY}\n\ndef count():\n    return 2\n",
        f"{REGISTRY}{MISSING}\n\ndef count():\n    return 2\n",
        id="a function follows",
    ),
    pytest.param(
        f"import sys\n\n\nclass Registry(object):\n    @staticmethod\n{indented(REGISTRY)}",
        f"import sys\n\n\nclass Registry(object):\n    @staticmethod\n{indented(REGISTRY)}"
        f"{indented(MISSING)}",
        id="a decorated method",
    ),
    pytest.param(
        f"{REGISTRY}    __import__('nova.objects.service')\n",
        f"{REGISTRY}    __import__('nova.objects.service')\n"
        + changed(MISSING, ("    __import__('nova.objects.service')\n", "")),
        id="one is there",
    ),
    pytest.param(
        REGISTRY[:-1],
        REGISTRY + MISSING[:-1],
        id="no newline at the end",
    ),
    pytest.param(
        "def register_all(): __import__('nova.objects.instance')\n",
        f"def register_all():\n    __import__('nova.objects.instance')\n{MISSING}",
        id="function on one line",
    ),
    pytest.param(
        f"{REGISTRY}\n\ndef other(name):\n    return __import__(name)\n",
        f"{REGISTRY}{MISSING}\n\ndef other(name):\n    return __import__(name)\n",
        id="another function imports, too",
    ),
    pytest.param(
        f'{REGISTRY}    __import__("nova.objects.service")\n',
        f'{REGISTRY}    __import__("nova.objects.service")\n'
        + changed(MISSING, ("    __import__('nova.objects.service')\n", "")),
        id="one is there in double quotes",
    ),
    pytest.param(
        f"{REGISTRY}    # 'nova.objects.flavor' is no object yet\n",
        f"{REGISTRY}{MISSING}    # 'nova.objects.flavor' is no object yet\n",
        id="one is named in a comment",
    ),
]


def beside(path: str, **files: str | None) -> dict[str, str | None]:
    """The older tree without the file of the case, and with some files changed."""
    names = {"tracker": "nova/compute/tracker.py", "utils": "nova/objects/utils.py"}
    rest = {one: text for one, text in OLDER.items() if one != path}
    return {**rest, **{names[name]: text for name, text in files.items()}}


@pytest.mark.parametrize(("before", "after"), REGISTERED)
def test_modules_registered(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, before, after, OBJECTS_PATH, beside(OBJECTS_PATH))


def test_modules_registered_with_the_line_endings(tmp_path: pathlib.Path):
    around = beside(OBJECTS_PATH)
    after = crlf(REGISTRY + MISSING)
    check_file_rewritten(tmp_path, RULE, crlf(REGISTRY), after, OBJECTS_PATH, around)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{REGISTRY}{MISSING}", id="all there"),
        pytest.param("COUNT = 2\n", id="no registration at all"),
        pytest.param(
            "def register_all():\n"
            + "".join(sorted((REGISTRY + MISSING).splitlines(keepends=True)[1:], reverse=True)),
            id="all there in another order",
        ),
        pytest.param(
            f"{REGISTRY}\n\ndef register_more():\n{MISSING}", id="all there in two functions"
        ),
        pytest.param(
            REGISTRY
            + changed(
                MISSING,
                (
                    "    __import__('nova.objects.flavor')\n",
                    "    try:\n        __import__('nova.objects.flavor')\n"
                    "    except ImportError:\n        pass\n",
                ),
            ),
            id="one in a block",
        ),
        pytest.param(
            "def register_all():\n    for name in ('instance', 'migration'):\n"
            "        __import__('nova.objects.%s' % name)\n",
            id="a loop over names",
        ),
        pytest.param(
            "import importlib\n\n\ndef register_all():\n"
            "    importlib.import_module('nova.objects.instance')\n",
            id="imported by another function",
        ),
        pytest.param(
            "def register_all(loader):\n    loader.__import__('nova.objects.instance')\n",
            id="imported by a method",
        ),
        pytest.param(
            "def register_all():\n    import nova.objects.instance\n", id="imported by a statement"
        ),
        pytest.param(
            "def register_all(__import__):\n    __import__('nova.objects.instance')\n",
            id="parameter with the name of the builtin",
        ),
        pytest.param(
            f"{REGISTRY}\n\ndef __import__(name):\n    return name\n",
            id="function with the name of the builtin",
        ),
        pytest.param(
            "def register_all():\n    return [__import__('nova.objects.instance')]\n",
            id="modules that are returned",
        ),
        pytest.param(
            'def register_all():\n    """__import__(\'nova.objects.instance\')"""\n'
            "    # __import__('nova.objects.migration')\n",
            id="comment and text",
        ),
    ],
)
def test_nothing_registered(source: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, OBJECTS_PATH, beside(OBJECTS_PATH))


NO_FLAVOR_WANTED = changed(
    older_tree.TRACKER, ("instance_type_get(context, flavor_id)", "service_get_all(context)")
)


@pytest.mark.parametrize(
    ("more", "made"),
    [
        pytest.param({}, FLAVOR, id="wanted"),
        pytest.param(
            {
                "nova/tests/unit/__init__.py": "",
                "nova/tests/unit/objects/__init__.py": "",
                "nova/tests/unit/objects/test_objects.py": older_tree.TEST_OBJECTS,
            },
            (FLAVOR[0], "nova/tests/unit/objects/test_flavor.py"),
            id="unit tests in a package of their own",
        ),
        pytest.param({"nova/compute/tracker.py": NO_FLAVOR_WANTED}, (), id="nobody wants one"),
        pytest.param(
            {"nova/objects/flavor.py": "class Flavor(object):\n    pass\n"}, (), id="there already"
        ),
    ],
)
def test_flavor_is_a_new_file(
    more: dict[str, str | None], made: tuple[str, ...], tmp_path: pathlib.Path
):
    found = outcome(tmp_path, REGISTRY, OBJECTS_PATH, {**beside(OBJECTS_PATH), **more})
    assert found.failures == ()
    new = tuple(one.path for one in found.result.changes if one.before is None)
    assert new == (NEW_ROWS, *made)


def without(path: str, *words: str) -> dict[str, str | None]:
    """A file of the older tree in which some words mean nothing any more."""
    text = OLDER[path] or ""
    for word in words:
        assert word in text
        text = text.replace(word, f"{word}_of_another_kind")
    return {path: text}


@pytest.mark.parametrize(
    ("more", "piece"),
    [
        pytest.param(
            without("nova/objects/base.py", "NovaPersistentObject"),
            "nova.objects.base.NovaPersistentObject",
            id="base class",
        ),
        pytest.param(
            without("nova/objects/base.py", "remotable_classmethod"),
            "nova.objects.base.remotable_classmethod",
            id="decorator",
        ),
        pytest.param(
            without("nova/objects/utils.py", "int_or_none"),
            "nova.objects.utils.int_or_none",
            id="type of a field",
        ),
        pytest.param({"nova/objects/utils.py": None}, "nova.objects.utils", id="module"),
        pytest.param(
            without("nova/db/api.py", "flavor_get_by_name"),
            "nova.db.flavor_get_by_name",
            id="query",
        ),
        pytest.param(
            {"nova/db/api.py": older_tree.DB_API.replace(", read_deleted=None", "")},
            "nova.db.flavor_get_by_flavor_id() with 3 parameters",
            id="parameter of a query",
        ),
    ],
)
def test_no_flavor_where_a_piece_of_it_is_missing(
    more: dict[str, str | None], piece: str, tmp_path: pathlib.Path
):
    tracker = "nova/compute/tracker.py"
    around = {one: text for one, text in {**OLDER, **more}.items() if text is not None}
    found = outcome(tmp_path, older_tree.TRACKER, tracker, {"nova/": None, **around})
    assert found.failures == ()
    new = {one.path for one in found.result.changes if one.before is None}
    assert new <= {NEW_ROWS}
    assert "return self.conductor_api.instance_type_get(context, flavor_id)" in found.text
    left = [one.reason for one in found.declined if one.code == "call.no-object"]
    assert any(reason.endswith(f"Flavor, and to add it {piece}") for reason in left)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"nova/tests/objects/test_objects.py": ""}, id="classes of tests"),
        pytest.param(
            without("nova/tests/objects/test_objects.py", "compare_obj"), id="method of tests"
        ),
        pytest.param(without("nova/exception.py", "InstanceTypeNotFound"), id="exception"),
    ],
)
def test_flavor_without_tests_where_they_could_not_run(
    more: dict[str, str | None], tmp_path: pathlib.Path
):
    found = outcome(tmp_path, REGISTRY, OBJECTS_PATH, {**beside(OBJECTS_PATH), **more})
    assert found.failures == ()
    new = [one.path for one in found.result.changes if one.before is None]
    assert new == [NEW_ROWS, FLAVOR[0]]
