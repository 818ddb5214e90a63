# SPDX-License-Identifier: Apache-2.0
"""Inference alone, without any rule: what a marked expression may hold, and how we know.

The expressions to look at are the arguments of calls of `see()`: `see('a', x)`
says that `x` is called `a` in the table below it.
"""

import ast
import itertools
import unittest.mock
from collections.abc import Iterable

import pytest
import small_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.analysis.assumptions import Assumption
from codemods.analysis.inference import Inference
from codemods.analysis.inputs import Inputs
from codemods.analysis.project import Project
from codemods.analysis.tree import Tree
from codemods.analysis.values import Values
from codemods.model import Evidence

HEAD = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

"""


def inferred(
    files: dict[str, str], order: tuple[str, ...] = (), assumptions: tuple[Assumption, ...] = ()
) -> Inference:
    """The inference over a small tree with these files, loaded in this order."""
    tree_files = {**small_tree.files(), **files}
    del tree_files["nova/compute/left.py"]
    if "nova/compute/example.py" not in files:
        del tree_files["nova/compute/example.py"]
    made = [_inferred(tree_files, order or sorted(files), assumptions)]
    with unittest.mock.patch.object(Inputs, "are_same", return_value=False):
        made.append(_inferred(tree_files, order or sorted(files), assumptions))
    # what is not evaluated again would have given nothing new
    assert made[0].slots == made[1].slots
    assert _held(made[0]) == _held(made[1])
    return made[0]


def _inferred(
    files: dict[str, str], order: Iterable[str], assumptions: tuple[Assumption, ...]
) -> Inference:
    project = Project({path: text.encode() for path, text in sorted(files.items())})
    for path in order:
        project.load(path)
    inference = Inference(project, Tree(project), assumptions)
    inference.run()
    return inference


def _held(inference: Inference) -> dict[tuple[str, type[ast.AST], int, int], Values]:
    """What the expressions hold, by where they stand."""
    return {
        (path, type(node), node.lineno, node.col_offset): values
        for path, module in inference.project.modules.items()
        for node, values in inference.held_in(module)
    }


def seen(inference: Inference) -> dict[str, Values]:
    """What the marked expressions may hold, by their marks."""
    found: dict[str, Values] = {}
    for module in inference.project.modules.values():
        for node in module.nodes.get(ast.Call, []):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Name) and node.func.id == "see":
                mark, expression = node.args
                assert isinstance(mark, ast.Constant)
                found[str(mark.value)] = inference.values(expression)
    return found


def kinds(values: Values) -> str:
    """The kinds of the values, `row Service` say, without what says nothing: in order."""
    texts = {f"{value.kind} {value.name}".strip() for value in values}
    return " | ".join(sorted(text.partition(":")[0] for text in texts))


def of_method(lines: str, more: str = "") -> dict[str, str]:
    """The kinds of what is marked in a method with these lines."""
    body = "".join(f"        {line}\n" for line in lines.strip("\n").split("\n"))
    text = f"{HEAD}    def method(self, context, host, unknown):\n{body}{more}"
    marks = seen(inferred({"nova/compute/example.py": text}))
    return {mark: kinds(values) for mark, values in marks.items()}


GET = "row = self.conductor_api.service_get_by_compute_host(context, host)\n"
ALL = "rows = self.conductor_api.service_get_all(context)\n"

#: Lines of a method, and what `see('x', ...)` in it may hold.
FLOWS = [
    pytest.param(GET + "see('x', row)", "row Service", id="assigned"),
    pytest.param(GET + "a = b = row\nsee('x', b)", "row Service", id="chained assignment"),
    pytest.param(GET + "a, b = row, 1\nsee('x', a)", "row Service", id="tuple assignment"),
    pytest.param(GET + "(a, [b, c]) = (1, [row, 2])\nsee('x', b)", "plain | row Service",
                 id="nested target, list by any place"),
    pytest.param(ALL + "see('x', rows)", "rows Service", id="list"),
    pytest.param(ALL + "for one in rows:\n    see('x', one)", "row Service", id="loop"),
    pytest.param(ALL + "for i, one in enumerate(rows):\n    see('x', one)", "row Service",
                 id="enumerate()"),
    pytest.param(ALL + "see('x', rows[0])", "row Service", id="index"),
    pytest.param(ALL + "see('x', rows[1:])", "rows Service", id="slice"),
    pytest.param(ALL + "see('x', list(rows)[0])", "row Service", id="list()"),
    pytest.param(ALL + "see('x', sorted(rows, key=host)[0])", "row Service", id="sorted()"),
    pytest.param(ALL + "see('x', [r for r in rows if r][0])", "row Service", id="comprehension"),
    pytest.param(ALL + "see('x', dict((r['id'], r) for r in rows))", "unknown", id="dict()"),
    pytest.param(ALL + "d = {r['id']: r for r in rows}\nsee('x', d[1])", "row Service",
                 id="dict comprehension"),
    pytest.param(GET + "d = {'a': row}\nsee('x', d['a'])", "row Service", id="dict"),
    pytest.param(GET + "d = {}\nd[1] = row\nsee('x', d.get(1))", "row Service", id="stored"),
    pytest.param(GET + "d = {}\nd[1] = row\nsee('x', d.pop(1))", "row Service", id="popped"),
    pytest.param(GET + "d = {1: row}\nfor k, v in d.items():\n    see('x', v)", "row Service",
                 id="items"),
    pytest.param(GET + "d = {1: row}\nfor v in d.values():\n    see('x', v)", "row Service",
                 id="values"),
    pytest.param(GET + "d = {'a': {'b': [row]}}\nsee('x', d['a']['b'][0])", "row Service",
                 id="nested containers"),
    pytest.param(GET + "l = []\nl.append(row)\nsee('x', l[0])", "row Service", id="appended"),
    pytest.param(GET + "l = []\nl.insert(0, row)\nsee('x', l[0])", "row Service", id="inserted"),
    pytest.param(ALL + "l = []\nl.extend(rows)\nsee('x', l[0])", "row Service", id="extended"),
    pytest.param(GET + "t = (row, {})\nsee('x', t[0])", "row Service", id="tuple by place"),
    pytest.param(GET + "a = {}\nb = a\nb[1] = row\nsee('x', a[1])", "row Service",
                 id="another name of the container"),
    pytest.param(GET + "see('x', row.copy())", "", id="a copy is a dict"),
    pytest.param(GET + "import copy\nsee('x', copy.deepcopy(row))", "row Service", id="deepcopy"),
    pytest.param(GET + "if host:\n    row = {}\nsee('x', row)", "container nova/compute/example.py"
                 " | row Service", id="union"),
    pytest.param(GET + "if host:\n    row = unknown\nsee('x', row)", "row Service | unknown",
                 id="union with a parameter"),
    pytest.param(GET + "if host:\n    row = None\nsee('x', row)", "none | row Service",
                 id="union with None"),
    pytest.param(GET + "see('x', row or unknown)", "row Service | unknown", id="or"),
    pytest.param(GET + "see('x', row if host else {})", "container nova/compute/example.py"
                 " | row Service", id="if expression"),
    pytest.param("try:\n    " + GET + "except Exception as row:\n    pass\nsee('x', row)",
                 "row Service | unknown", id="exception"),
    pytest.param("try:\n    " + GET + "except E, (row, code):\n    pass\nsee('x', row)",
                 "row Service | unknown", id="an exception unpacked"),
    pytest.param("def inner((row, code)):\n    if code:\n        " + GET + "    see('x', row)\n"
                 "inner(host)", "row Service | unknown", id="a parameter unpacked"),
    pytest.param(GET + "f = lambda (row, code): see('x', row)", "",
                 id="shadowed by a parameter unpacked"),
    pytest.param("with unknown as row:\n    " + GET + "see('x', row)", "row Service | unknown",
                 id="with"),
    pytest.param("row = None\nwhile host:\n    see('x', row)\n    " + GET, "none | row Service",
                 id="around a loop"),
    pytest.param("a = b = None\nfor i in host:\n    see('x', a)\n    a = b\n    b = "
                 "self.conductor_api.service_get_by_compute_host(context, host)\n",
                 "none | row Service", id="twice around a loop"),
    pytest.param(GET + "def inner():\n    see('x', row)\ninner()", "row Service", id="closure"),
    pytest.param(GET + "def inner(row):\n    see('x', row)\ninner(1)", "", id="shadowed"),
    pytest.param(GET + "f = lambda row: see('x', row)", "", id="shadowed by a lambda"),
    pytest.param(GET + "f = lambda: see('x', row)", "row Service", id="lambda's free name"),
    pytest.param(GET + "see('x', row['compute_node'])", "rows ComputeNode", id="relation, many"),
    pytest.param(GET + "see('x', row.get('compute_node')[0])", "row ComputeNode", id="by get()"),
    pytest.param("m = self.conductor_api.migration_get(context, host)\nsee('x', m['instance'])",
                 "row Instance", id="relation, one"),
    pytest.param("see('x', self.conductor_api.service_destroy(context, host))", "", id="destroy"),
    pytest.param("see('x', self.conductor_api.instance_get_by_uuid(context, host))", "",
                 id="a call that stays gives a dict"),
    pytest.param("see('x', self.conductor_api.service_create(context, host))", "",
                 id="a call that cannot be several statements gives a dict"),
    pytest.param("see('x', self.conductor_api.wait_until_ready(context))", "", id="not of rows"),
]  # fmt: skip


def only_what_matters(text: str) -> str:
    """Without the values that a place has no use for when there is no row among them."""
    return text if "row" in text or "handle" in text else ""


@pytest.mark.parametrize(("lines", "expected"), FLOWS)
def test_what_comes_of_a_row(lines: str, expected: str):
    found = of_method(lines)["x"]
    assert only_what_matters(found) == only_what_matters(expected)


#: A module that reaches the conductor in one of its spellings, and asks it.
HANDLES = [
    pytest.param("from nova import conductor\ncapi = conductor.API()\n", "capi", id="factory"),
    pytest.param("from nova import conductor\ncapi = conductor.API(use_local=True)\n", "capi",
                 id="use_local"),
    pytest.param("from nova.conductor import api as conductor_api\ncapi = conductor_api.API()\n",
                 "capi", id="class"),
    pytest.param("from nova.conductor import api\ncapi = api.LocalAPI()\n", "capi", id="LocalAPI"),
    pytest.param("from nova.conductor.api import API\ncapi = API()\n", "capi", id="class itself"),
    pytest.param("import nova.conductor\ncapi = nova.conductor.API()\n", "capi", id="dotted"),
    pytest.param("from nova import conductor as c\ncapi = c.API()\n", "capi", id="as"),
    pytest.param("from nova import conductor\n\n\nclass A(object):\n    capi = conductor.API()\n",
                 "A().capi", id="class attribute"),
    pytest.param("from nova import conductor\n\n\nclass A(object):\n    def __init__(self):\n"
                 "        self._conductor_api = conductor.API()\n", "A()._conductor_api",
                 id="private attribute"),
    pytest.param("from nova import conductor\n\n\nclass B(object):\n    def __init__(self):\n"
                 "        self.api = conductor.API()\n\n\nclass A(B):\n    pass\n", "A().api",
                 id="inherited attribute"),
    pytest.param("from nova import conductor\n\n\nclass A(object):\n    @property\n"
                 "    def capi(self):\n        return conductor.API()\n", "A().capi",
                 id="property"),
    pytest.param("from nova import conductor\n\n\ndef made():\n    return conductor.API()\n",
                 "made()", id="function"),
    pytest.param("from nova import conductor\n\n\nclass A(object):\n    def __init__(self, "
                 "conductor_api):\n        self.c = conductor_api\n\n\na = A(conductor.API())\n",
                 "a.c", id="parameter of __init__"),
    pytest.param("from nova import conductor\n\n\nclass A(object):\n    def __init__(self, "
                 "conductor_api=None):\n        self.c = conductor_api\n\n\na = A(\n"
                 "    conductor_api=conductor.API())\n", "a.c", id="keyword of __init__"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "handle"), HANDLES)
def test_the_conductor_in_every_spelling(text: str, handle: str):
    lines = f"{text}\n\ndef use(context, host):\n    capi_ = {handle}\n"
    lines += "    see('handle', capi_)\n"
    lines += "    see('row', capi_.service_get_by_compute_host(context, host))\n"
    marks = seen(inferred({"nova/compute/example.py": lines}))
    assert "handle" in kinds(marks["handle"])
    assert kinds(marks["row"]).startswith("row Service")


def test_the_conductor_imported_within_a_function():
    text = """\
def use(context, host):
    from nova.conductor import api as conductor_api
    conductor = conductor_api.LocalAPI()
    see('x', conductor.service_get_all(context))
"""
    assert kinds(seen(inferred({"nova/compute/example.py": text}))["x"]) == "rows Service"


#: What has the names of the conductor's methods and is something else.
LOOKALIKES = [
    "self.db.service_get_by_compute_host(context, host)",
    "db.service_get_by_compute_host(context, host)",
    "self.host_api.service_get_all(context)",
    "self.api.service_get_by_compute_host(context, host)",
    "self.cells_rpcapi.service_get_by_compute_host(context, host)",
    "self.msg_runner.service_get_by_compute_host(context, host)",
    "self._manager.service_get_all(context)",
    "IMPL.service_get_all(context)",
    "compute_utils.instance_get_all_by_host(context, host)",
    "self.conductor_compute_rpcapi.service_get_all(context)",
    "conductor.ComputeTaskAPI().service_get_all(context)",
    "unknown.service_get_all(context)",
    "self.conductor_api_of_another.service_get_all(context)",
]


@pytest.mark.parametrize("call", LOOKALIKES)
def test_a_lookalike_gives_no_row(call: str):
    assert "row" not in of_method(f"from nova import db\nsee('x', {call})")["x"]


@pytest.mark.parametrize(
    "call",
    ["conductor.service_get_all(context)", "conductor.API().service_get_all(context)"],
)
def test_a_parameter_called_like_the_module_is_not_the_module(call: str):
    text = f"from nova import conductor\n\n\ndef use(context, conductor):\n    see('x', {call})\n"
    text += "\n\ndef made():\n    return conductor.API()\n"
    assert "row" not in kinds(seen(inferred({"nova/compute/example.py": text}))["x"])


FETCHER = """\
from nova import conductor


class Fetcher(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.last = None

    def fetch(self, context, host):
        self.last = self.conductor_api.service_get_by_compute_host(context, host)
        return self.last
"""
USER = """\
from nova.compute import fetcher
from nova.compute import shower


class User(object):
    def __init__(self):
        self.fetcher = fetcher.Fetcher()
        self.shower = shower.Shower()

    def use(self, context, host):
        service = self.fetcher.fetch(context, host)
        see('return', service)
        see('attribute', self.fetcher.last)
        return self.shower.show(service, again=service)
"""
SHOWER = """\
class Shower(object):
    def show(self, row, again=None):
        see('parameter', row)
        see('keyword', again)
        self.kept = {'row': row}
        return row

    def kept_one(self):
        see('container', self.kept['row'])
"""
FILES = {
    "nova/compute/fetcher.py": FETCHER,
    "nova/compute/user.py": USER,
    "nova/compute/shower.py": SHOWER,
}
MARKS = {
    "return": "none | row Service",
    "attribute": "none | row Service",
    "parameter": "none | row Service",
    "keyword": "none | row Service",
    "container": "none | row Service",
}


def outcome(inference: Inference) -> dict[str, list[tuple[str, Evidence]]]:
    """What is marked, with the evidence, in an order of its own."""
    return {
        mark: sorted((f"{v.kind} {v.name}", evidence) for v, evidence in values.items())
        for mark, values in seen(inference).items()
    }


@pytest.mark.parametrize("order", list(itertools.permutations(sorted(FILES))))
def test_the_order_of_the_files_makes_no_difference(order: tuple[str, ...]):
    inference = inferred(FILES, order)
    found = {mark: kinds(values) for mark, values in seen(inference).items()}
    assert found == MARKS
    assert outcome(inference) == outcome(inferred(FILES))


def test_it_is_enough_to_load_the_file_that_calls_the_conductor():
    inference = inferred(FILES, ("nova/compute/fetcher.py", "nova/compute/user.py"))
    assert kinds(seen(inference)["parameter"]) == "none | row Service"


def test_the_evidence_leads_from_the_place_back_to_the_call():
    (evidence,) = (
        chain for value, chain in seen(inferred(FILES))["parameter"].items() if value.kind == "row"
    )
    steps = [(step.path.rpartition("/")[2], step.line, step.text) for step in evidence]
    assert steps == [
        ("fetcher.py", 6, "the conductor's API"),
        ("fetcher.py", 6, "assigned to `self.conductor_api`"),
        ("fetcher.py", 10, "`service_get_by_compute_host` of the conductor's API"),
        ("fetcher.py", 10, "the conductor's service_get_by_compute_host() gives a Service row"),
        ("fetcher.py", 10, "assigned to `self.last`"),
        ("fetcher.py", 11, "returned by fetch()"),
        ("user.py", 11, "assigned to `service`"),
        ("user.py", 14, "passed as `row` to show()"),
    ]


def test_a_value_that_may_be_a_dict_has_both_chains():
    text = GET.strip() + "\nif host:\n    row = {}\nsee('x', row)"
    body = "".join(f"        {line}\n" for line in text.split("\n"))
    module = f"{HEAD}    def method(self, context, host):\n{body}"
    values = seen(inferred({"nova/compute/example.py": module}))["x"]
    lines = {value.kind: chain[-1].line for value, chain in values.items()}
    assert lines == {"row": 9, "container": 11}


RECURSIVE = """\
from nova import conductor


def ping(context, row, depth):
    see('ping', row)
    if not depth:
        return conductor.API().service_get_by_compute_host(context, depth)
    return pong(context, row, depth - 1)


def pong(context, row, depth):
    see('pong', row)
    return ping(context, pong(context, row, depth), depth)


def start(context):
    see('start', ping(context, None, 3))
"""


def test_functions_that_call_each_other_come_to_an_end():
    marks = seen(inferred({"nova/compute/example.py": RECURSIVE}))
    assert kinds(marks["start"]) == "row Service"
    assert kinds(marks["ping"]) == kinds(marks["pong"]) == "none | row Service"


def test_a_container_that_holds_itself_comes_to_an_end():
    found = of_method(GET + "d = {}\nd['d'] = d\nd['r'] = row\nsee('x', d['d']['d']['r'])")
    assert "row Service" in found["x"]


def test_an_attribute_of_a_subclass_counts_for_the_class():
    text = f"""\
{HEAD}    def method(self, context, host):
        self.row = self.conductor_api.service_get_by_compute_host(context, host)

    def shown(self):
        see('x', self.row)


class Other(Reader):
    def set(self, row):
        self.row = {{}}
"""
    found = kinds(seen(inferred({"nova/compute/example.py": text}))["x"])
    assert found == "container nova/compute/example.py | row Service"


#: How something is put into the attribute that holds a container of rows, and what is in it then.
CONTAINERS = [
    pytest.param("self.rows[key] = found", "row Service | unknown", id="an element"),
    pytest.param("self.rows = found", "row Service | unknown", id="another container"),
    pytest.param("self.others = found", "row Service", id="another attribute"),
]


@pytest.mark.parametrize(("line", "expected"), CONTAINERS)
def test_what_nobody_is_seen_to_give_may_be_in_a_container(line: str, expected: str):
    text = f"""\
{HEAD.rstrip()}
        self.rows = {{}}

    def method(self, context, host):
        self.rows[host] = self.conductor_api.service_get_by_compute_host(context, host)

    def keep(self, key, found):
        {line}

    def shown(self, key):
        see('x', self.rows[key])
"""
    assert kinds(seen(inferred({"nova/compute/example.py": text}))["x"]) == expected


HEIR = "from nova.compute import example\n\n\nclass Heir(example.Reader):\n"
#: Another file, which may give the attribute that holds a row something else; a base of the class.
ELSEWHERE = [
    pytest.param(
        {"other": f"{HEIR}    def keep(self, row):\n        self.row = row\n"}, "object", id="heir"
    ),
    pytest.param(
        {"other": f"{HEIR}    def keep(self, pair):\n        self.row, self.x = pair\n"},
        "object",
        id="heir that unpacks",
    ),
    pytest.param(
        {"other": f"{HEIR}    @property\n    def row(self):\n        return unknown()\n"},
        "object",
        id="property of an heir",
    ),
    pytest.param(
        {"other": f"{HEIR}    @classmethod\n    def keep(cls, row):\n        cls.row = row\n"},
        "object",
        id="class of an heir",
    ),
    pytest.param(
        {
            "other": "from nova.compute import example\n\n\ndef keep(row):\n"
            "    example.Reader.row = row\n"
        },
        "object",
        id="the class itself",
    ),
    pytest.param(
        {
            "mixin": "class Mixin(object):\n    def keep(self, row):\n        self.row = row\n",
            "other": "from nova.compute import example\nfrom nova.compute import mixin\n\n\n"
            "class Heir(mixin.Mixin, example.Reader):\n    pass\n",
        },
        "object",
        id="mixed into an heir",
    ),
    pytest.param(
        {"mixin": "class Mixin(object):\n    def keep(self, row):\n        self.row = row\n"},
        "mixin.Mixin",
        id="base",
    ),
]


@pytest.mark.parametrize(("others", "base"), ELSEWHERE)
def test_what_an_attribute_may_be_given_elsewhere(others: dict[str, str], base: str):
    head = HEAD.replace("(object)", f"({base})")
    text = f"""\
from nova.compute import mixin
{head}    def method(self, context, host):
        self.row = self.conductor_api.service_get_by_compute_host(context, host)

    def shown(self):
        see('x', self.row)
"""
    files = {f"nova/compute/{name}.py": text for name, text in others.items()}
    found = kinds(seen(inferred({"nova/compute/example.py": text, **files}))["x"])
    assert found == "row Service | unknown"


TAKES = """\
from nova import conductor


def name(row):
    see('x', row)


def read(context, host):
    name(conductor.API().service_get_by_compute_host(context, host))
"""
MODULE = "from nova.compute import example"
#: More lines of the file, or another one: whether a function may be given anything there.
HANDED_ON = [
    pytest.param("def other(x, key=len):\n    x.sort(key=key)", "", False, id="not at all"),
    pytest.param("def other(name):\n    return name", "", False, id="another name"),
    pytest.param("def other(x):\n    return x.name", "", True, id="attribute of anything"),
    pytest.param("def other():\n    return name", "", True, id="returned"),
    pytest.param("def other(x):\n    x.name_of = name", "", True, id="kept"),
    pytest.param("def other(x, of=name):\n    return of(x)", "", True, id="default"),
    pytest.param("", f"{MODULE}\n\nof = example.name", True, id="name elsewhere"),
    pytest.param("", f"{MODULE}\n\nALL = [example.name]", True, id="listed elsewhere"),
    pytest.param(
        "", f"{MODULE}\n\n\ndef f(x):\n    return map(example.name, x)", True, id="mapped elsewhere"
    ),
    pytest.param(
        "",
        "from nova.compute.example import name\n\n\ndef f(x):\n    name(x)",
        True,
        id="imported and called",
    ),
    pytest.param("", "from nova.compute.example import name as other", True, id="another name for"),
    pytest.param(
        "", "from nova.compute.example import *\n\nname(f())", True, id="imported with the rest"
    ),
    pytest.param("", f"{MODULE}\n\nexample.read(name=1)", False, id="keyword elsewhere"),
    pytest.param("", f"{MODULE}\nimport nova.name as name", False, id="module of that name"),
    pytest.param("", "NAMES = ['x'.name]", False, id="file that does not speak of the module"),
]


@pytest.mark.parametrize(("lines", "elsewhere", "is_open"), HANDED_ON)
def test_a_function_that_is_handed_on_is_given_anything(lines: str, elsewhere: str, is_open: bool):
    files = {"nova/compute/example.py": f"{TAKES}\n\n{lines}\n", "nova/other.py": f"{elsewhere}\n"}
    found = kinds(seen(inferred(files, ("nova/compute/example.py",)))["x"])
    assert found == ("row Service | unknown" if is_open else "row Service")


def test_a_method_that_is_handed_on_is_given_anything():
    text = f"""\
{HEAD}    def method(self, context, host):
        self.shown(self.conductor_api.service_get_by_compute_host(context, host))

    def shown(self, row):
        see('x', row)

    def handed(self):
        self.show = self.shown
"""
    found = kinds(seen(inferred({"nova/compute/example.py": text}))["x"])
    assert found == "row Service | unknown"


def test_an_attribute_of_another_class_of_that_name_does_not_count():
    text = f"""\
{HEAD}    def method(self, context, host):
        self.row = self.conductor_api.service_get_by_compute_host(context, host)


class Other(object):
    def __init__(self, row):
        self.row = row

    def shown(self):
        see('x', self.row)
"""
    assert "row" not in kinds(seen(inferred({"nova/compute/example.py": text}))["x"])


IMPORTS = """\
from nova import objects
from nova.openstack.common import jsonutils


class Tracker(object):
    def __init__(self):
        self.devices = objects.PciDeviceList()


"""

#: What a method of a class that makes a tracker sees of its devices.
DEVICES = [
    pytest.param("tracker.devices", "objects PciDevice", id="the list"),
    pytest.param("tracker.devices.obj_to_primitive()", "", id="the dict of it"),
    pytest.param("jsonutils.dumps(tracker.devices.obj_to_primitive())", "text PciDeviceList",
                 id="the text of the dict"),
    pytest.param("jsonutils.dumps(tracker.devices)", "", id="the text of the list"),
    pytest.param("jsonutils.dumps(tracker)", "text | text nova.compute.example.Tracker",
                 id="of an instance or None"),
    pytest.param("jsonutils.dumps([])", "text", id="the text of an empty list"),
    pytest.param("jsonutils.dumps(None)", "text", id="the text of None"),
    pytest.param("jsonutils.dumps([host])", "", id="the text of a list"),
    pytest.param("jsonutils.dumps(None if host else [host])", "", id="of None or a list"),
    pytest.param("jsonutils.dumps(tracker.devices.obj_to_primitive(), indent=2)", "",
                 id="text in a form of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "held"), DEVICES)
def test_devices_and_their_text(expression: str, held: str):
    lines = f"""\
        self.conductor_api.wait_until_ready(context)
        tracker = None
        tracker = Tracker()
        see('x', {expression})
"""
    text = f"{IMPORTS}{HEAD}    def method(self, context, host, unknown):\n{lines}"
    assert kinds(seen(inferred({"nova/compute/example.py": text}))["x"]) == held


def test_an_assumption_holds_where_nothing_is_known():
    text = "from nova import conductor\n\n\ndef shown(context, service):\n"
    text += "    conductor.API().wait_until_ready(context)\n    see('x', service)\n"
    assumed = Assumption(
        "nova.compute.example.shown", "service", "Service", "somebody said so", "me.toml", 7
    )
    inference = inferred({"nova/compute/example.py": text}, assumptions=(assumed,))
    values = seen(inference)["x"]
    assert "object Service" in kinds(values)
    (chain,) = (chain for value, chain in values.items() if value.kind == "object")
    assert [(step.path, step.line, step.text) for step in chain] == [
        ("me.toml", 7, "assumed: somebody said so")
    ]


STATEMENTS = st.sampled_from(
    [
        "a = self.conductor_api.service_get_by_compute_host(context, host)",
        "b = a",
        "a = {}",
        "b = None",
        "c = [a, b]",
        "a = c",
        "for b in c: pass",
        "self.kept = a",
        "b = self.kept",
        "c = self.method(context, b)",
        "d = {'a': a, 'c': c}",
        "a = d['c']",
        "return a",
        "return c",
        "a, b = b, a",
        "with a as b: pass",
        "f = lambda x: a",
        "a = f(b)",
        "a = (b or c)",
        "del a",
        "c.append(a)",
        "c = [x for x in c]",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=14))
def test_any_lines_come_to_an_end_and_to_the_same_one(lines: list[str]):
    body = "".join(f"        {line}\n" for line in ["c = d = f = None", *lines])
    text = f"{HEAD}    def method(self, context, host):\n{body}"
    other = text.replace("class Reader", "class Second").replace("nova import", "nova import")
    files = {"nova/compute/example.py": text, "nova/compute/second.py": other}
    first = inferred(files, ("nova/compute/example.py", "nova/compute/second.py"))
    second = inferred(files, ("nova/compute/second.py", "nova/compute/example.py"))
    assert {s: set(v) for s, v in first.slots.items()} == {
        s: set(v) for s, v in second.slots.items()
    }
