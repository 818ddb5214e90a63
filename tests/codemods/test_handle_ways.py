# SPDX-License-Identifier: Apache-2.0
"""The ways by which the conductor's API comes to a call, through names, classes and files.

Each is followed to the call, which is rewritten, or the call is listed.
"""

import pytest
from tables import PATH, assert_same_text, outcome

OTHER = "nova/compute/other.py"

CALL = "service_get_all(context)"
NEW = "objects.ServiceList.get_all(context)"

HOLDER = """\
from nova import conductor


class Base(object):
    api = conductor.API()


"""

LAZY = """\
from nova import conductor

_capi = None


def _get():
    global _capi
    if _capi is None:
        _capi = conductor.API()
    return _capi


"""

#: The head of a module, and what the call is made on.
WITHIN = [
    pytest.param(
        "from nova import conductor\n\n\n",
        "def read(context, capi=conductor.API()):\n    return capi",
        id="a default",
    ),
    pytest.param(
        "from nova import conductor\n\nFACTORY = conductor.API\n\n\n",
        "def read(context):\n    return FACTORY()",
        id="a factory of the module's",
    ),
    pytest.param(
        "from nova import conductor\n\n\n",
        "def read(context, factory=conductor.API):\n    return factory()",
        id="a factory as a default",
    ),
    pytest.param(
        "from nova import conductor\n\n\n",
        "def read(context):\n    make = conductor.API\n    return make(use_local=True)",
        id="a factory in a variable",
    ),
    pytest.param(LAZY, "def read(context):\n    return _get()", id="made when first asked for"),
    pytest.param(
        LAZY,
        "def read(context):\n    global _capi\n    _capi = _capi or _get()\n    return _capi",
        id="a global name",
    ),
    pytest.param(
        HOLDER,
        "def read(context):\n    return Base.api",
        id="an attribute of a class, by the class",
    ),
    pytest.param(
        HOLDER, "def read(context):\n    return Base().api", id="of a class, by an instance"
    ),
    pytest.param(
        HOLDER + "class Sub(Base):\n    pass\n\n\n",
        "def read(context):\n    return Sub.api",
        id="of a class, by an heir",
    ),
    pytest.param(
        HOLDER + "class Sub(Base):\n",
        "    @classmethod\n    def read(cls, context):\n        return cls.api",
        id="of a class, by the class of a class method",
    ),
    pytest.param(
        HOLDER + "class Sub(Base):\n",
        "    def read(self, context):\n        return super(Sub, self).api",
        id="of a class, by the base",
    ),
    pytest.param(
        HOLDER.replace("api = conductor.API()", "api = None")
        + "class Sub(Base):\n    api = conductor.API()\n\n\n",
        "def read(context):\n    return Sub().api",
        id="of a class, where the base has none",
    ),
    pytest.param(
        "from nova import conductor\n\n\n"
        "class Lazy(object):\n"
        "    _api = None\n\n"
        "    @property\n"
        "    def api(self):\n"
        "        if self._api is None:\n"
        "            self._api = conductor.API()\n"
        "        return self._api\n\n",
        "    def read(self, context):\n        return self.api",
        id="a property that makes it",
    ),
]

#: Two modules: the other one, the head of the one that calls, and what the call is made on.
BETWEEN = [
    pytest.param(
        "from nova import conductor\n\nCAPI = conductor.API()\n",
        "from nova.compute.other import CAPI\n\n\n",
        "def read(context):\n    return CAPI",
        id="a name, imported",
    ),
    pytest.param(
        "from nova import conductor\n\nCAPI = conductor.API()\n",
        "from nova.compute import other\n\n\n",
        "def read(context):\n    return other.CAPI",
        id="a name of the module",
    ),
    pytest.param(
        "from nova import conductor\n\nCAPI = conductor.API()\n",
        "from .other import CAPI as capi\n\n\n",
        "def read(context):\n    return capi",
        id="a name, imported from beside",
    ),
    pytest.param(
        "from nova import conductor\n\nCAPI = conductor.API()\n",
        "import other\n\n\n",
        "def read(context):\n    return other.CAPI",
        id="a module beside, as Python 2 imports it",
    ),
    pytest.param(
        "from nova.conductor.api import API as Made\n",
        "from nova.compute import other\n\n\n",
        "def read(context):\n    return other.Made()",
        id="the class, handed on by another module",
    ),
    pytest.param(
        "from nova import conductor\n\n\ndef capi():\n    return conductor.API()\n",
        "from nova.compute import other\n\n\n",
        "def read(context):\n    return other.capi()",
        id="a function that makes it",
    ),
    pytest.param(
        "from nova import conductor\n\n\n"
        "class Base(object):\n"
        "    def __init__(self, make=conductor.API):\n"
        "        self.capi = make()\n",
        "from nova.compute import other\n\n\nclass Sub(other.Base):\n",
        "    def read(self, context):\n        return self.capi",
        id="an attribute that a base sets",
    ),
    pytest.param(
        "from nova.compute import example\n"
        "from nova import conductor\n\n\n"
        "class Manager(example.Mixin):\n"
        "    def __init__(self):\n"
        "        self.capi = conductor.API()\n",
        "class Mixin(object):\n",
        "    def read(self, context):\n        return self.capi",
        id="an attribute that an heir sets",
    ),
    pytest.param(
        "from nova.compute import example\n"
        "from nova import conductor\n\n\n"
        "def read(context):\n"
        "    return example.read(context, conductor.API())\n",
        "",
        "def read(context, source):\n    return source",
        id="an argument",
    ),
    pytest.param(
        "from nova.compute import example\n"
        "from nova import conductor\n\n\n"
        "class Manager(object):\n"
        "    def __init__(self):\n"
        "        self.reader = example.Reader(conductor.API())\n",
        "class Reader(object):\n"
        "    def __init__(self, source):\n"
        "        self.source = source\n"
        "        self.seen = 0\n\n",
        "    def read(self, context):\n        return self.source",
        id="an argument of a class that keeps it",
    ),
]


def program(head: str, use: str) -> str:
    return f"{head}{use}.{CALL}\n"


@pytest.mark.parametrize(("head", "use"), WITHIN)
def test_the_call_is_rewritten(head, use, tmp_path):
    found = outcome(tmp_path, program(head, use))
    assert found.failures == ()
    assert CALL not in found.text
    assert f"return {NEW}\n" in found.text
    assert found.declined == ()


@pytest.mark.parametrize(("other", "head", "use"), BETWEEN)
def test_the_call_in_another_file_is_rewritten(other, head, use, tmp_path):
    found = outcome(tmp_path, program(head, use), beside={OTHER: other})
    assert found.failures == ()
    assert f"return {NEW}\n" in found.text
    assert {one.path for one in found.result.declined} <= {"nova/compute/left.py"}


ARGUMENT = "def read(context, source):\n    return source.service_get_all(context)\n"
GIVEN = """\
from nova.compute import example
from nova import conductor


def read(context):
    return example.read(context, conductor.API())
"""

#: Another module beside those that hand the API over, and the module that calls.
MIXED = [
    pytest.param(
        "from nova.compute import example\n\n\n"
        "def read(context, fakes):\n"
        "    return example.read(context, fakes.api())\n",
        ARGUMENT,
        id="an argument that another file gives something else for",
    ),
    pytest.param(
        "from nova.compute.example import read\n"
        "from nova.compute import bystander\n\n\n"
        "def twice(context):\n"
        "    return read(context, bystander.Fake())\n",
        ARGUMENT,
        id="an argument that another file gives a fake for",
    ),
    pytest.param(
        "from nova.compute import example\n\n\n"
        "class Sub(example.Reader):\n"
        "    def __init__(self, **kwargs):\n"
        "        self.api = kwargs['api']\n",
        HOLDER.replace("Base", "Reader").rstrip() + "\n\n"
        "    def read(self, context):\n"
        "        return self.api.service_get_all(context)\n",
        id="an attribute that an heir sets to something else",
    ),
    pytest.param(
        "from nova.compute.example import Reader\n\n\nclass Sub(Reader):\n    api = dict()\n",
        HOLDER.replace("Base", "Reader").rstrip() + "\n\n"
        "    def read(self, context):\n"
        "        return self.api.service_get_all(context)\n",
        id="an attribute that an heir has something else for",
    ),
    pytest.param(
        "from nova.compute import example\n\n\n"
        "def prepare(reader, api):\n"
        "    reader = example.Reader()\n"
        "    reader.api = api\n",
        HOLDER.replace("Base", "Reader").rstrip() + "\n\n"
        "    def read(self, context):\n"
        "        return self.api.service_get_all(context)\n",
        id="an attribute that is set from outside",
    ),
]


@pytest.mark.parametrize(("other", "text"), MIXED)
def test_what_may_be_something_else_stays_and_is_listed(other, text, tmp_path):
    beside = {OTHER: other, "nova/compute/given.py": GIVEN if text == ARGUMENT else ""}
    found = outcome(tmp_path, text, beside=beside)
    assert_same_text(found.text, text)
    assert found.codes == {"call.unknown-handle"}


def test_what_such_a_call_gives_is_an_object(tmp_path):
    other = "from nova import conductor\n\nCAPI = conductor.API()\n"
    text = (
        "from nova.compute.other import CAPI\n\n\n"
        "def read(context):\n"
        "    return [s['host'] for s in CAPI.service_get_all(context)]\n"
    )
    found = outcome(tmp_path, text, beside={OTHER: other})
    assert_same_text(
        found.text,
        "from nova import objects\n\n\n"
        "def read(context):\n"
        "    return [s.host for s in objects.ServiceList.get_all(context)]\n",
    )


IN_METHOD = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.capi = conductor.API()
        self.seen = 0

    def read(self, context, kind):
{lines}
"""

#: The lines of a method: one method, looked up by its name.
ONE_METHOD = [
    pytest.param(
        "        return getattr(self.capi, 'service_get_all')(context)",
        "        return objects.ServiceList.get_all(context)",
        id="at once",
    ),
    pytest.param(
        "        get = getattr(self.capi, 'service_get_all')\n        return get(context)",
        "        return objects.ServiceList.get_all(context)",
        id="in a variable",
    ),
    pytest.param(
        "        get = None\n"
        "        if kind:\n"
        "            get = self.capi.service_get_all\n"
        "        return get(context)",
        "        get = None\n"
        "        if kind:\n"
        "            pass\n"
        "        return objects.ServiceList.get_all(context)",
        id="which may be None",
    ),
]

#: The same where it may be another, or anything: the call stays.
SEVERAL = [
    pytest.param(
        "        table = {'all': self.capi.service_get_all,\n"
        "                 'host': self.capi.service_get_all_by_host}\n"
        "        return table[kind](context)",
        id="a table",
    ),
    pytest.param(
        "        get = (self.capi.service_get_all if kind\n"
        "               else self.capi.service_get_all_by_host)\n"
        "        return [s['id'] for s in get(context)]",
        id="a choice",
    ),
    pytest.param(
        "        if kind:\n"
        "            get = self.capi.service_get_all\n"
        "        else:\n"
        "            get = self.capi.service_get_all_by_host\n"
        "        return [s['id'] for s in get(context)]",
        id="two branches",
    ),
    pytest.param(
        "        get = self.capi.service_get_all or self.read\n"
        "        return [s['id'] for s in get(context)]",
        id="a method or something else",
    ),
    pytest.param(
        "        get = getattr(self.capi, 'service_get_all', self.read)\n"
        "        return [s['id'] for s in get(context)]",
        id="a method or a default",
    ),
    pytest.param(
        "        return getattr(self.capi, 'service_get_' + kind)(context)",
        id="a name that is computed",
    ),
    pytest.param(
        "        return getattr(self.capi, kind)(context)",
        id="a name that is handed in",
    ),
    pytest.param(
        "        for get in (self.capi.service_get_all, self.capi.instance_type_get):\n"
        "            print(get(context)['id'])",
        id="a loop over methods of two objects",
    ),
]


@pytest.mark.parametrize(("before", "after"), ONE_METHOD)
def test_one_method_is_rewritten(before, after, tmp_path):
    found = outcome(tmp_path, IN_METHOD.format(lines=before))
    assert found.failures == ()
    assert after in found.text
    assert found.declined == ()


@pytest.mark.parametrize("lines", SEVERAL)
def test_one_of_several_methods_stays_and_is_listed(lines, tmp_path):
    text = IN_METHOD.format(lines=lines)
    found = outcome(tmp_path, text)
    assert_same_text(found.text, text)
    called = text.count("\n", 0, text.rindex("(context)")) + 1
    assert called in {one.line for one in found.declined}
    assert found.codes == {"call.bound-method"}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("functools.partial(self.capi.service_get_all, context)", id="partial"),
        pytest.param("context.later(self.capi.service_get_all)", id="an argument"),
        pytest.param("[self.capi.service_get_all]", id="in a list"),
        pytest.param("self.capi.service_get_all", id="returned"),
    ],
)
def test_a_method_that_is_handed_on_is_listed(line, tmp_path):
    text = "import functools\n\n" + IN_METHOD.format(lines=f"        return {line}")
    found = outcome(tmp_path, text)
    assert_same_text(found.text, text)
    assert found.codes == {"call.bound-method"}


def test_a_method_in_a_variable_that_is_handed_on_is_listed(tmp_path):
    lines = "        get = self.capi.service_get_all\n        return kind(get), get(context)"
    found = outcome(tmp_path, IN_METHOD.format(lines=lines))
    assert "        return kind(get), objects.ServiceList.get_all(context)\n" in found.text
    assert "        get = self.capi.service_get_all\n" in found.text
    assert found.codes == {"call.bound-method"}


def test_a_name_of_a_module_stays_where_another_file_uses_it(tmp_path):
    text = (
        "from nova import conductor\n\nCAPI = conductor.API()\n\n\n"
        "def read(context):\n    return CAPI.service_get_all(context)\n"
    )
    other = (
        "from nova.compute.example import CAPI\n\n\ndef wait(context):\n    CAPI.wait(context)\n"
    )
    found = outcome(tmp_path, text, PATH, {OTHER: other})
    assert "CAPI = conductor.API()\n" in found.text
    assert f"return {NEW}\n" in found.text
