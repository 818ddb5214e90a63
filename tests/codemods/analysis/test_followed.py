# SPDX-License-Identifier: Apache-2.0
"""Rows that leave their file: into other methods, classes and files, and back."""

import pathlib
from collections.abc import Mapping

import pytest
from tables import PATH, Outcome, outcome

HEAD = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def service(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)

"""

OTHER = "nova/compute/other.py"

#: Another class that has a reader.
USER = """\
from nova.compute import example


class User(object):
    def __init__(self):
        self.reader = example.Reader()

    def use(self, context, host):
"""


def reader(lines: str) -> str:
    """The class of the reader, with one more method."""
    return HEAD + lines


def user(lines: str) -> str:
    """The class that has a reader, with the lines of its method."""
    return USER + "".join(f"        {line}\n" for line in lines.split("\n"))


def is_rewritten(found: Outcome) -> bool:
    """Whether the reader gets an object; if not, the reason has to be listed."""
    if "objects.Service.get_by_compute_host(" in found.text:
        return True
    assert "row.escapes" in found.codes
    return False


def check(root: pathlib.Path, text: str, beside: Mapping[str, str], escapes: str) -> None:
    """The getter is rewritten; where `escapes` says where its row does, it stays."""
    found = outcome(root, text, beside=beside)
    assert found.failures == ()
    assert is_rewritten(found) == (not escapes)
    if escapes:
        [left] = [one for one in found.declined if one.code == "row.escapes"]
        assert escapes in left.reason


#: What the method of another file's class does with the row, and the place that keeps it.
USERS = [
    pytest.param("return self.reader.service(context, host)['host']", "", id="a key"),
    pytest.param("return self.reader.service(context, host).pop('host')", ".pop('host')",
                 id="a key popped"),
    pytest.param("row = self.reader.service(context, host)\nreturn row['nosuch']", "row['nosuch']",
                 id="no field"),
    pytest.param("self.row = self.reader.service(context, host)\nreturn self.row['id']", "",
                 id="kept in an attribute"),
    pytest.param("self.row = self.reader.service(context, host)\ndel self.row['id']",
                 "self.row['id']", id="kept in an attribute, a key deleted"),
    pytest.param("get = self.reader.service\nreturn get(context, host)['id']", "",
                 id="a method in a variable"),
    pytest.param("get = self.reader.service\nreturn len(get(context, host))", "len(",
                 id="a method in a variable, len()"),
    pytest.param("return spawn(self.reader.service)", "spawn(self.reader.service)",
                 id="a method handed on"),
    pytest.param("return {'service': self.reader.service}['service'](context, host)['id']", "",
                 id="a method in a dict"),
    pytest.param("reader = self.reader\nreturn reader.service(context, host).keys()", "",
                 id="the reader in a variable"),
    pytest.param("return isinstance(self.reader.service(context, host), dict)", "isinstance(",
                 id="isinstance"),
    pytest.param("return [self.reader.service(context, host)][0]['id']", "", id="in a list"),
    pytest.param("return json.dumps([self.reader.service(context, host)])", "json.dumps(",
                 id="in a list, dumped"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "escapes"), USERS)
def test_into_another_file(lines: str, escapes: str, tmp_path: pathlib.Path):
    check(tmp_path, reader(""), {OTHER: user(lines)}, escapes)


TAKER = """\
class Taker(object):
    def take(self, row):
        return {}
"""

#: What the method that takes the row does with it.
TAKEN = [
    pytest.param("row['host']", "", id="a key"),
    pytest.param("row.copy()['host']", "", id="a key of a copy"),
    pytest.param("row.pop('host')", "row.pop('host')", id="a key popped"),
    pytest.param("row['nosuch']", "row['nosuch']", id="no field"),
    pytest.param("len(row)", "len(row)", id="len()"),
    pytest.param("str(row)", "str(row)", id="str()"),
]


@pytest.mark.parametrize(("expression", "escapes"), TAKEN)
def test_into_a_method_of_who_knows_what(expression: str, escapes: str, tmp_path: pathlib.Path):
    text = reader(
        "    def hand_on(self, context, host, taker):\n"
        "        return taker.take(self.service(context, host))\n"
    )
    check(tmp_path, text, {OTHER: TAKER.format(expression)}, escapes)


@pytest.mark.parametrize(("expression", "escapes"), TAKEN)
def test_into_a_method_of_a_known_class(expression: str, escapes: str, tmp_path: pathlib.Path):
    text = reader(
        "    def hand_on(self, context, host):\n"
        "        return other.Taker().take(self.service(context, host))\n"
    ).replace("\n\n\nclass", "\nfrom nova.compute import other\n\n\nclass", 1)
    check(tmp_path, text, {OTHER: TAKER.format(expression)}, escapes)


@pytest.mark.parametrize(("expression", "escapes"), TAKEN)
def test_into_a_method_that_overrides(expression: str, escapes: str, tmp_path: pathlib.Path):
    text = reader(
        "    def hand_on(self, context, host):\n"
        "        return self.take(self.service(context, host))\n\n"
        "    def take(self, row):\n"
        "        return row['host']\n"
    )
    heir = (
        "from nova.compute import example\n\n\n"
        "class Heir(example.Reader):\n"
        "    def take(self, row):\n"
        f"        return {expression}\n"
    )
    check(tmp_path, text, {OTHER: heir}, escapes)


@pytest.mark.parametrize(("expression", "escapes"), TAKEN)
def test_through_super(expression: str, escapes: str, tmp_path: pathlib.Path):
    base = f"class Base(object):\n    def take(self, row):\n        return {expression}\n"
    text = reader(
        "    def hand_on(self, context, host):\n"
        "        return super(Reader, self).take(self.service(context, host))\n"
    )
    text = text.replace("class Reader(object)", "class Reader(other.Base)").replace(
        "\n\n\nclass", "\nfrom nova.compute import other\n\n\nclass", 1
    )
    check(tmp_path, text, {OTHER: base}, escapes)


#: What a class mixed in does with the row that the other's method gives.
MIXED_IN = [
    pytest.param("self.service(context, host)['host']", "", id="a key"),
    pytest.param("self.service(context, host).copy()['host']", "", id="a key of a copy"),
    pytest.param("self.shown['host']", "", id="a key of a property's"),
    pytest.param("self.service(context, host)['updated_at'][:4]", "[:4]", id="a slice of a time"),
    pytest.param("len(self.service(context, host))", "len(", id="len()"),
    pytest.param("self.kept['nosuch']", "self.kept['nosuch']", id="no field of what is kept"),
    pytest.param("self.shown.pop('host')", "self.shown.pop", id="a key popped off a property"),
]


@pytest.mark.parametrize(("expression", "escapes"), MIXED_IN)
@pytest.mark.parametrize("beside", [False, True])
def test_a_mixin(expression: str, escapes: str, beside: bool, tmp_path: pathlib.Path):
    mixin = (
        f"class Mixin(object):\n    def show(self, context, host):\n        return {expression}\n"
    )
    text = reader(
        "    @property\n    def shown(self):\n        return self.kept\n\n"
        "    def keep(self, context, host):\n"
        "        self.kept = self.service(context, host)\n"
    )
    text = text.replace("\n\n\nclass", "\nfrom nova.compute import other\n\n\nclass", 1)
    if beside:
        # the mixin knows nothing of the reader, nor the reader of the mixin
        text += "\n\nclass Both(other.Mixin, Reader):\n    pass\n"
    else:
        text = text.replace("class Reader(object)", "class Reader(other.Mixin)")
    check(tmp_path, text, {OTHER: mixin.format(expression)}, escapes)


#: What is done with a time that a method returns, and whether that is understood.
RETURNED = [
    pytest.param("", "row['updated_at']", id="nothing, and the name is a file's, too"),
    pytest.param("return self.read(context, host) is None", "", id="asked whether it is there"),
    pytest.param("return self.read(context, host)[:4]", "[:4]", id="a slice"),
    pytest.param("return other.read(context, host)", "other.read(", id="what may be another's"),
]


@pytest.mark.parametrize(("line", "escapes"), RETURNED)
def test_a_time_that_is_returned(line: str, escapes: str, tmp_path: pathlib.Path):
    use = f"\n    def use(self, context, host, other):\n        {line}\n" if line else ""
    text = reader(
        "    def read(self, context, host):\n"
        "        row = self.service(context, host)\n"
        "        return row['updated_at']\n" + use
    )
    check(tmp_path, text, {OTHER: "def size(file):\n    return len(file.read())\n"}, escapes)


#: What the property that gives the row is used for.
PROPERTIES = [
    pytest.param("self.reader.row['host']", "", id="a key"),
    pytest.param("self.reader.row.pop('host')", ".pop('host')", id="a key popped"),
    pytest.param("len(self.reader.row)", "len(", id="len()"),
]


@pytest.mark.parametrize(("expression", "escapes"), PROPERTIES)
def test_a_property(expression: str, escapes: str, tmp_path: pathlib.Path):
    text = reader(
        "    @property\n    def row(self):\n        return self.service(self.context, self.host)\n"
    )
    check(tmp_path, text, {OTHER: user(f"return {expression}")}, escapes)


def test_a_reader_that_cannot_be_parsed(tmp_path: pathlib.Path):
    broken = USER + "        return self.reader.service(context, host)['id'\n"
    found = outcome(tmp_path, reader(""), beside={OTHER: broken})
    assert found.text == reader("")
    assert found.codes & {"call.file-stays", "row.escapes"}


def test_a_method_of_the_same_name_that_does_not_fit(tmp_path: pathlib.Path):
    text = reader(
        "    def hand_on(self, context, host, taker):\n"
        "        return taker.take(self.service(context, host))\n"
    )
    unfit = "\n\nclass Other(object):\n    def take(self, one, other):\n        one.pop('host')\n"
    check(tmp_path, text, {OTHER: TAKER.format("row['host']") + unfit}, "")


NAMED = """\
    def hand_on(self, context, host):
        return self.take(self.service(context, host))

    def take(self, row):
        return row['host']
"""


@pytest.mark.parametrize(
    ("more", "line"),
    [
        pytest.param("", "return row.host", id="by no name"),
        pytest.param("call = client.prepare\ncall('take', row={})", "return row['host']",
                     id="by its name"),
        pytest.param("getattr(host, \"take\")({})", "return row['host']", id="by getattr()"),
        pytest.param("# takes 'none of it'", "return row.host", id="by another name"),
    ],
)  # fmt: skip
def test_a_method_that_is_called_by_its_name(more: str, line: str, tmp_path: pathlib.Path):
    beside = {OTHER: f"def call(client, host):\n    pass\n    {more.replace(chr(10), '; ')}\n"}
    found = outcome(tmp_path, reader(NAMED), beside=beside)
    assert found.failures == ()
    assert f"        {line}\n" in found.text


OVERRIDING = """\
from nova.compute import example


class Heir(example.Reader):
    def service(self, context, host):
        return {}
"""


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param("self.cache[host]", "return self.service(context, host)['id']", id="a cache"),
        pytest.param("{'id': 1}", "return self.service(context, host)['id']", id="a dict"),
        pytest.param("super(Heir, self).service(context, host)",
                     "return self.service(context, host).id", id="the same"),
        pytest.param("None", "return self.service(context, host).id", id="nothing"),
    ],
)  # fmt: skip
def test_what_an_override_gives(given: str, line: str, tmp_path: pathlib.Path):
    text = reader(
        "    def id_of(self, context, host):\n        return self.service(context, host)['id']\n"
    )
    found = outcome(tmp_path, text, PATH, {OTHER: OVERRIDING.replace("{}", given)})
    assert found.failures == ()
    assert f"        {line}\n" in found.text


STORED = """\
from nova import conductor


class Keeper(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def load(self, context, host):
        self.service = self.conductor_api.service_get_by_args(context, host, 'x')

    def store(self, context):
        if self.is_changed(self.service):
            self.service = self.conductor_api.service_update(context, self.service, {'topic': 't'})

    def is_changed(self, service):
        if service != self.old:
            self.old = KEPT
            return True
        return False
"""


def test_a_stored_row_is_not_compared_with_itself(tmp_path: pathlib.Path):
    kept = outcome(tmp_path / "kept", STORED.replace("KEPT", "service"))
    assert "service_get_by_args" in kept.text
    assert "row.escapes" in kept.codes
    text = STORED.replace("KEPT", "copy.deepcopy(service)")
    copied = outcome(tmp_path / "copied", f"import copy\n\n{text}")
    assert "objects.Service.get_by_args" in copied.text


def test_a_copy_of_a_row_is_compared_with_one_that_is_joined_otherwise(tmp_path: pathlib.Path):
    """A service as it was stored has no nodes; a node has its service only then, and a new time."""
    text = "import copy\n\n" + STORED.replace("KEPT", "copy.deepcopy(service)")
    text = text.replace("service_get_by_args(context, host, 'x')", "GET")
    service = text.replace("GET", "service_get_by_compute_host(context, host)")
    kept = outcome(tmp_path / "service", service)
    assert "service_get_by_compute_host" in kept.text
    assert "row.escapes" in kept.codes
    node = text.replace("GET", "compute_node_create(context, host)")
    node = node.replace("service_update", "compute_node_update")
    found = outcome(tmp_path / "node", node.replace("'topic': 't'", "'vcpus': 1"))
    assert "conductor_api.compute_node" not in found.text


@pytest.mark.parametrize(
    ("name", "line", "escapes"),
    [
        pytest.param("since", "return None", "self.since", id="read by nobody"),
        pytest.param("since", "return self.since is None", "", id="read"),
        pytest.param("since", "return self.since[:4]", "[:4]", id="read for a slice"),
        pytest.param("_since", "return None", "", id="of its own, read by nobody"),
    ],
)
def test_a_time_that_is_kept(name: str, line: str, escapes: str, tmp_path: pathlib.Path):
    text = reader(
        "    def load(self, context, host):\n"
        f"        self.{name} = self.service(context, host)['updated_at']\n\n"
        f"    def show(self):\n        {line}\n"
    )
    check(tmp_path, text, {}, escapes)


@pytest.mark.parametrize(
    ("name", "escapes"),
    [
        pytest.param("__enter__", "return self.row", id="entered"),
        pytest.param("__call__", "return self.row", id="called"),
        pytest.param("__getitem__", "return self.row", id="a subscript"),
        pytest.param("enter", "", id="a method like any other"),
        pytest.param("_enter", "", id="a method of its own"),
    ],
)
def test_what_python_calls_gives_a_row_to_whoever_asks(
    name: str, escapes: str, tmp_path: pathlib.Path
):
    text = reader(
        "    def load(self, context, host):\n"
        "        self.row = self.service(context, host)\n\n"
        f"    def {name}(self, *args):\n        return self.row\n"
    )
    check(tmp_path, text, {}, escapes)


#: Who calls a method that reads a row of its own where it is given none, and what it reads then.
DEFAULTS = [
    pytest.param("return None", "row['id']", id="nobody"),
    pytest.param("return self.show(context, host)", "row.id", id="without a row"),
    pytest.param("return self.show(context, host, {'id': 1})", "row['id']", id="with a dict"),
    pytest.param("return self.show(context, host, self.service(context, host))", "row.id",
                 id="with a row"),
    pytest.param("return values.show(context, host)", "row['id']", id="another's method"),
]  # fmt: skip

#: The ways to read a row where there is none.
LAZY = [
    "if row is None:\n            row = self.service(context, host)",
    "if not row:\n            row = self.service(context, host)",
    "row = row or self.service(context, host)",
    "row = self.service(context, host) if row is None else row",
]


@pytest.mark.parametrize(("caller", "read"), DEFAULTS)
@pytest.mark.parametrize("lazy", LAZY)
def test_a_row_that_may_be_given(caller: str, read: str, lazy: str, tmp_path: pathlib.Path):
    text = reader(
        f"    def show(self, context, host, row=None):\n        {lazy}\n"
        "        return row['id']\n\n"
        f"    def call(self, context, host, values):\n        {caller}\n"
    )
    found = outcome(tmp_path, text)
    assert found.failures == ()
    assert f"        return {read}\n" in found.text


@pytest.mark.parametrize("name", ["row", "store"])
def test_a_parameter_may_have_the_name_of_its_method(name: str, tmp_path: pathlib.Path):
    text = reader(
        f"    def {name}(self, context, row, values):\n"
        "        row = self.conductor_api.service_update(context, row, values)\n"
        "        return row['id']\n"
    )
    found = outcome(tmp_path, text)
    assert found.failures == ()
    assert "objects.Service(id=row['id'])" in found.text
    assert "return row.id\n" in found.text
