# SPDX-License-Identifier: Apache-2.0
"""The long tail of rows that are compared."""

import pathlib

import pytest
from tables import (
    Outcome,
    assert_same_text,
    check_file_rewritten,
    check_kept,
    check_not_known,
    check_rewritten,
    method_outcome,
    outcome,
)

RULE = "comparison_to_primitives"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
return service == other
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
other = obj_base.obj_to_primitive(other)
return service == other
""",
        id="equal",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
return 1 != service == other
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
other = obj_base.obj_to_primitive(other)
return 1 != service == other
""",
        id="not equal, chained",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
return cmp(service, other) != 0
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
other = obj_base.obj_to_primitive(other)
return cmp(service, other) != 0
""",
        id="cmp()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
same = service == other
service['host'] = host
return same
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
same = obj_base.obj_to_primitive(service) == other
service.host = host
return same
""",
        id="used as an object afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
if service == other:
    return None
return service['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
if obj_base.obj_to_primitive(service) == other:
    return None
return service.host
""",
        id="read afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if service == self.old:
    return
self.old = service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if (obj_base.obj_to_primitive(service) ==
        obj_base.obj_to_primitive(self.old)):
    return
self.old = service
""",
        id="kept afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
if cmp(service, other):
    self.conductor_api.service_update(context, service, {'host': host})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
if cmp(obj_base.obj_to_primitive(service), other):
    service.host = host
    service.save(context)
""",
        id="saved afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
if service == other:
    LOG.debug(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
if obj_base.obj_to_primitive(service) == other:
    LOG.debug(service)
""",
        id="handed on afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
if host:
    pass
elif service == other:
    return 1
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
if host:
    pass
elif (obj_base.obj_to_primitive(service) ==
      obj_base.obj_to_primitive(other)):
    return 1
""",
        id="elif",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
while service != other:
    service = self.conductor_api.service_get_by_compute_host(context, host)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
while (obj_base.obj_to_primitive(service) !=
       obj_base.obj_to_primitive(other)):
    service = objects.Service.get_by_compute_host(context, host)
""",
        id="while",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_args(context, host, 'b')
others = self.conductor_api.service_get_all(context)
return [x for x in others if x == service]
""",
        """\
service = objects.Service.get_by_args(context, host, 'b')
others = objects.ServiceList.get_all(context)
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
return [x for x in others if obj_base.obj_to_primitive(x) == service]
""",
        id="comprehension",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
if host: return service == other
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
if host: return (obj_base.obj_to_primitive(service) ==
                 obj_base.obj_to_primitive(other))
""",
        id="one line",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
return (service) == (other)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
other = obj_base.obj_to_primitive(other)
return (service) == (other)
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
others = self.conductor_api.service_get_all(context)
return services == others
""",
        """\
services = objects.ServiceList.get_all(context)
others = objects.ServiceList.get_all(context)
return (obj_base.obj_to_primitive(services) ==
        obj_base.obj_to_primitive(others))
""",
        id="lists",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
x = 1; return service == other  # or not
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
x = 1
# Objects compare by identity, so compare their primitives.
# or not
service = obj_base.obj_to_primitive(service)
other = obj_base.obj_to_primitive(other)
return service == other
""",
        id="behind a semicolon",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')

# what is known
return service == other; other = 1
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')

# what is known
# Objects compare by identity, so compare their primitives.
service = obj_base.obj_to_primitive(service)
return service == obj_base.obj_to_primitive(other); other = 1
""",
        id="before a semicolon, under a comment",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
def inner():
    if service == other:
        return 1
return inner
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
def inner():
    if (obj_base.obj_to_primitive(service) ==
            obj_base.obj_to_primitive(other)):
        return 1
return inner
""",
        id="in a function inside, of which the variable is none",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
def inner():
    return service['id']
inner()
return service == other
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
def inner():
    return service.id
inner()
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
return obj_base.obj_to_primitive(service) == other
""",
        id="used as an object by a function inside",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
ids = (service['id'] for one in 'ab')
if service != other:
    log(list(ids))
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
ids = (service.id for one in 'ab')
# Objects compare by identity, so compare their primitives.
other = obj_base.obj_to_primitive(other)
if obj_base.obj_to_primitive(service) != other:
    log(list(ids))
""",
        id="used as an object by a generator that goes on later",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
old = lambda service: service == values
return (service if host else service) == old
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
old = lambda service: service == values
return (obj_base.obj_to_primitive(service if host else service)) == old
""",
        id="parenthesised choice",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
other = self.conductor_api.service_get_by_compute_host(context, 'b')
while service != other: break
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
other = objects.Service.get_by_compute_host(context, 'b')
while (obj_base.obj_to_primitive(service) !=
       obj_base.obj_to_primitive(other)): break
""",
        id="the rest only reads, but the test of a loop has nothing above it",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service == None or 1 != service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service == None or 1 != service
""",
        id="constants, to which neither a dict nor an object is equal",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service is values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service is values
""",
        id="identity",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return host == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return host == values
""",
        id="other values",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service['host'] == host
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host == host
""",
        id="fields",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


#: What a row is compared with may be the dict of another one, of which nothing is known.
KEPT_CALLS = [
    pytest.param("return service == values", "service == values", id="equal"),
    pytest.param("return host != service", "host != service", id="not equal"),
    pytest.param("return cmp(values, service)", "cmp(values, service)", id="cmp()"),
    pytest.param("return service == self.old", "service == self.old", id="attribute"),
    pytest.param(
        "if host:\n    values = service\nreturn service == values",
        "service == values",
        id="or a row",
    ),
    pytest.param(
        "return service == {'id': values}", "service == {'id': values}", id="literal with a key"
    ),
    pytest.param(
        "old = {}\nold.update(values)\nreturn service == old", "service == old", id="filled later"
    ),
    pytest.param(
        "same = service == self.old\nservice = self.next()\nself.old = service\nreturn same",
        "service == self.old",
        id="kept of another value of the variable",
    ),
    pytest.param("return 1 == service == host", "1 == service == host", id="chained"),
]


@pytest.mark.parametrize(("last", "place"), KEPT_CALLS)
def test_call_stays_where_its_row_is_compared_with_anything(
    last: str, place: str, tmp_path: pathlib.Path
):
    first = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"
    check_kept(tmp_path, f"{first}{last}\n", place)


#: Of two rows that are read alike but for the tables joined, one has a key that the other lacks.
JOINED_OTHERWISE = [
    pytest.param("return service == other", "service == other", id="equal"),
    pytest.param("return cmp(other, service)", "cmp(other, service)", id="cmp()"),
    pytest.param(
        "if host:\n    service = other\nreturn service != self.old",
        "service != self.old",
        id="one or the other",
    ),
    pytest.param(
        "others = [other]\nreturn [x for x in others if x == service]",
        "x == service",
        id="one of several",
    ),
]


@pytest.mark.parametrize(("last", "place"), JOINED_OTHERWISE)
def test_calls_stay_whose_rows_are_joined_otherwise(last: str, place: str, tmp_path: pathlib.Path):
    first = (
        "service = self.conductor_api.service_get_by_compute_host(context, host)\n"
        "other = self.conductor_api.service_get_by_args(context, host, 'b')\n"
    )
    check_both_kept(tmp_path, f"{first}{last}\n", place)


def test_calls_stay_whose_lists_are_joined_otherwise(tmp_path: pathlib.Path):
    lines = (
        "moves = self.conductor_api.migration_get_in_progress_by_host_and_node(context, host, '')\n"
        "others = self.conductor_api.migration_get_unconfirmed_by_dest_compute(context, 1, host)\n"
        "return moves == others\n"
    )
    check_both_kept(tmp_path, lines, "moves == others")


def check_both_kept(root: pathlib.Path, lines: str, place: str) -> None:
    text, found = method_outcome(root, lines)
    assert_same_text(text, lines)
    lefts = [one for one in found.declined if one.code == "row.escapes"]
    assert len(lefts) == lines.count("self.conductor_api.")
    assert all(one.reason.endswith(f": {place}") for one in lefts)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)


KEEPER = """\
from nova import conductor


class Keeper(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def read(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return self.is_same(service)

    def is_same(self, service): return service == self.old
"""

#: The same without a method, in whose place something else may be put by its name.
KEEPER_ALONE = KEEPER.replace(
    "return self.is_same(service)\n\n    def is_same(self, service): ", ""
)

KEPT = """\
from nova import conductor
from nova import objects
from nova.objects import base as obj_base


class Keeper(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def read(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        return self.is_same(service)

    def is_same(self, service):
        # Objects compare by identity, so compare their primitives.
        service = obj_base.obj_to_primitive(service)
        return service == self.old
"""


def test_method_on_one_line(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, KEEPER, KEPT)


def test_what_is_kept_elsewhere_becomes_a_dict_where_it_is_compared(tmp_path: pathlib.Path):
    keeps = ("        return self.is_same(service)\n", "        self.old = service\n")
    before = KEEPER.replace(keeps[0], "".join(reversed(keeps)))
    after = KEPT.replace(keeps[0], "".join(reversed(keeps))).replace(
        "== self.old", "== obj_base.obj_to_primitive(self.old)"
    )
    check_file_rewritten(tmp_path, RULE, before, after)


def check_comparison_stays(found: Outcome, text: str) -> None:
    """The keeper is as it was, and its comparison is the reason."""
    assert found.failures == ()
    assert_same_text(found.text, text)
    [left] = [one for one in found.declined if one.code == "row.escapes"]
    assert left.reason.endswith(": service == self.old")


#: Who sets another class's attribute of that name; the keeper's is as it was.
SET_ON_ANOTHER = [
    pytest.param(
        "class Other(object):\n    def keep(self, row):\n        self.old = row\n",
        id="class beside it",
    ),
    pytest.param(
        "class Other(object):\n    def keep(self, row):\n        self.old = row\n\n\n"
        "class Heir(Other):\n    pass\n",
        id="heir of one beside it",
    ),
]

#: Who may set the keeper's.
SET_ON_IT = [
    pytest.param(
        "class Heir(Keeper):\n    def keep(self, row):\n        self.old = row\n", id="heir"
    ),
    pytest.param(
        "class Mixin(object):\n    def keep(self, row):\n        self.old = row\n\n\n"
        "class Heir(Mixin, Keeper):\n    pass\n",
        id="mixed in",
    ),
    pytest.param(
        "class Other(object):\n    def keep(self, row):\n        self.reader.old = row\n",
        id="what another object has",
    ),
    pytest.param(
        "class Other(object):\n    def keep(self, row):\n"
        "        self = self.reader\n        self.old = row\n",
        id="what is no self any more",
    ),
    pytest.param(
        "class Other(object):\n    def keep(self, row):\n"
        "        def inner(self):\n            self.old = row\n        inner(self.reader)\n",
        id="another function's self",
    ),
]


@pytest.mark.parametrize("beside", SET_ON_ANOTHER)
def test_an_attribute_of_another_class_is_another_one(beside: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, f"{KEEPER}\n\n{beside}", f"{KEPT}\n\n{beside}")


@pytest.mark.parametrize("beside", SET_ON_IT)
def test_call_stays_where_what_it_is_compared_with_is_set_beside(
    beside: str, tmp_path: pathlib.Path
):
    text = f"{KEEPER}\n\n{beside}"
    found = outcome(tmp_path, text)
    check_comparison_stays(found, text)


#: Files beside the keeper's, in which its attribute may be set.
SET_ELSEWHERE = [
    pytest.param(
        {
            "other": "from nova.compute import example\n\n\nclass Heir(example.Keeper):\n"
            "    def keep(self, row):\n        self.old = row\n"
        },
        id="heir",
    ),
    pytest.param(
        {
            "mixin": "class Mixin(object):\n    def keep(self, row):\n        self.old = row\n",
            "other": "from nova.compute import example\nfrom nova.compute import mixin\n\n\n"
            "class Heir(mixin.Mixin, example.Keeper):\n    pass\n",
        },
        id="mixed in",
    ),
    pytest.param(
        {
            "other": "from nova.compute import example\n\n\ndef keeper(row):\n"
            "    made = example.Keeper()\n    made.old = row\n    return made\n"
        },
        id="who makes one",
    ),
]


@pytest.mark.parametrize("others", SET_ELSEWHERE)
def test_call_stays_where_what_it_is_compared_with_is_set_elsewhere(
    others: dict[str, str], tmp_path: pathlib.Path
):
    beside = {f"nova/compute/{name}.py": text for name, text in others.items()}
    found = outcome(tmp_path, KEEPER, beside=beside)
    check_comparison_stays(found, KEEPER)


def test_an_attribute_set_elsewhere_is_another_one(tmp_path: pathlib.Path):
    other = "class Other(object):\n    def keep(self, row):\n        self.old = row\n"
    check_file_rewritten(
        tmp_path, RULE, KEEPER, KEPT, beside={"nova/compute/other.py": f"# Keeper\n{other}"}
    )


#: Ways in which an attribute may be given a dict that is no object's.
BY_NAME = [
    pytest.param("setattr(self, name, row)", id="setattr"),
    pytest.param("setattr(self, 'old', row)", id="setattr with a literal"),
    pytest.param("self.__dict__.update(row)", id="__dict__"),
    pytest.param("vars(self)[name] = row", id="vars"),
]


@pytest.mark.parametrize("line", BY_NAME)
def test_call_stays_where_what_it_is_compared_with_is_set_by_name(
    line: str, tmp_path: pathlib.Path
):
    text = f"{KEEPER_ALONE}\n    def keep(self, name, row):\n        {line}\n"
    found = outcome(tmp_path, text)
    check_comparison_stays(found, text)


#: The lines of a method of the keeper, and another file: what is compared may be set there.
BY_NAME_ELSEWHERE = [
    pytest.param(
        "", "def keep(reader, name, row): setattr(reader, name, row)", id="what speaks of the class"
    ),
    pytest.param("", "def keep(reader, row): vars(reader).update(row)", id="vars"),
    pytest.param("", "def keep(reader, row): reader.__dict__.update(row)", id="__dict__"),
    pytest.param(
        "copying.keep(self, 'old', row)",
        "def keep(what, name, row): setattr(what, name, row)",
        id="name as a text",
    ),
    pytest.param(
        "copying.keep(self, old=row)",
        "def keep(what, **values):\n    for name in values: setattr(what, name, values[name])",
        id="name as a keyword",
    ),
    pytest.param(
        "self.keep('old', row)",
        "class Base(object):\n    def keep(self, name, row): setattr(self, name, row)",
        id="base class",
    ),
]

#: The same where it may not.
NOT_BY_NAME_ELSEWHERE = [
    ("", "def keep(what, name, row): setattr(what, name, row)"),
    ("copying.keep(self, 'other', row)", "def keep(what, name, row): setattr(what, name, row)"),
    ("copying.keep(self, other=row)", "def keep(what, **values): vars(what).update(values)"),
    ("", "def keep(reader, row): setattr(reader, 'other', row)"),
    ("", "class Other(object):\n    def show(self, reader): return self.__dict__"),
]


def _outcome_beside(root: pathlib.Path, line: str, other: str) -> tuple[str, Outcome]:
    """What becomes of a keeper with that line; the file beside it speaks of it by `reader`."""
    text = f"from nova.compute import copying\n{KEEPER_ALONE}"
    if line:
        text += f"\n    def keep_old(self, row):\n        {line}\n"
    if "Base" in other:
        text = text.replace("Keeper(object)", "Keeper(copying.Base)")
    imports = "from nova.compute import example\n\n\n" if "reader" in other else ""
    beside = {"nova/compute/copying.py": f"{imports}{other}\n"}
    return text, outcome(root, text, beside=beside)


@pytest.mark.parametrize(("line", "other"), BY_NAME_ELSEWHERE)
def test_call_stays_where_what_it_is_compared_with_is_set_by_name_elsewhere(
    line: str, other: str, tmp_path: pathlib.Path
):
    text, found = _outcome_beside(tmp_path, line, other)
    check_comparison_stays(found, text)


@pytest.mark.parametrize(("line", "other"), NOT_BY_NAME_ELSEWHERE)
def test_call_is_rewritten_where_others_are_set_by_name(
    line: str, other: str, tmp_path: pathlib.Path
):
    _, found = _outcome_beside(tmp_path, line, other)
    assert found.failures == ()
    assert "objects.Service.get_by_compute_host(" in found.text
    assert "service = obj_base.obj_to_primitive(service)" in found.text
