# SPDX-License-Identifier: Apache-2.0
"""The long tail of attributes that hold the conductor and have lost their last use."""

import pathlib
import textwrap

import pytest
from sources import crlf
from tables import PATH, check_file_not_known, check_file_rewritten

RULE = "remove_conductor_handle"

CONDUCTOR = "from nova import conductor\n"
OBJECTS = "from nova import objects\n"

#: The only use of the handle, and what becomes of it.
READ = """\

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""
READ_AFTER = """\

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
"""


def in_class(start: str, imports: str = CONDUCTOR, read: str = READ) -> str:
    """A module with one class, which begins with the lines and then reads rows."""
    return f"{imports}\n\nclass Reader(object):\n{textwrap.indent(start, '    ')}{read}"


def rewritten_class(start: str, imports: str = OBJECTS) -> str:
    """The same with the reading rewritten."""
    return in_class(start, imports, READ_AFTER)


INIT = """\
def __init__(self):
    self.conductor_api = conductor.API()
    self.seen = 0
"""
INIT_AFTER = """\
def __init__(self):
    self.seen = 0
"""

#: The first lines of the class.
REWRITTEN = [
    pytest.param(INIT, INIT_AFTER, id="one statement of several"),
    pytest.param(
        """\
def __init__(self):
    self.seen = 0
    self.conductor_api = conductor.API()  # all rows
""",
        INIT_AFTER,
        id="comment behind goes with it",
    ),
    pytest.param(
        """\
def __init__(self):
    # where rows come from
    self.conductor_api = conductor.API()
    # how often
    self.seen = 0
""",
        """\
def __init__(self):
    # how often
    self.seen = 0
""",
        id="comment above goes with it",
    ),
    pytest.param(
        """\
def __init__(self):
\tself.seen = 0
\t# no more than that

\tself.conductor_api = conductor.API()
""",
        """\
def __init__(self):
\tself.seen = 0
\t# no more than that
""",
        id="comment at the end of a block that is indented by a tab",
    ),
    pytest.param(
        """\
def __init__(self):
    # what it works with
    self.conductor_api = conductor.API()
    self.seen = 0
""",
        """\
def __init__(self):
    # what it works with
    self.seen = 0
""",
        id="comment above several stays",
    ),
    pytest.param(
        """\
def __init__(self):
    self.seen = 0

    # the rest is not counted

    # where rows come from,
    # all of them
    self.conductor_api = conductor.API()

    # what is last
    self.last = None
""",
        """\
def __init__(self):
    self.seen = 0

    # the rest is not counted

    # what is last
    self.last = None
""",
        id="comment above a paragraph",
    ),
    pytest.param(
        """\
def __init__(self):
    # where rows come from
    self.conductor_api = conductor.API(); self.seen = 0
""",
        """\
def __init__(self):
    # where rows come from
    self.seen = 0
""",
        id="comment above a line of several",
    ),
    pytest.param(
        """\
def __init__(self):
    self.seen = 0; self.conductor_api = conductor.API(); self.last = None
""",
        """\
def __init__(self):
    self.seen = 0; self.last = None
""",
        id="between semicolons",
    ),
    pytest.param(
        """\
def __init__(self):
    (self.conductor_api) = (conductor.API(
        use_local=True))
    self.seen = 0
""",
        INIT_AFTER,
        id="parenthesised, on two lines",
    ),
    pytest.param(
        """\
def __init__(self):
    print 'made'
    self.conductor_api = conductor.API()
""",
        """\
def __init__(self):
    print 'made'
""",
        id="Python 2 syntax around",
    ),
    pytest.param(
        """\
def __init__(self):
    if self.ready(): self.conductor_api = conductor.API()
    self.seen = 0
""",
        """\
def __init__(self):
    if self.ready(): pass
    self.seen = 0
""",
        id="block on one line",
    ),
    pytest.param(
        """\
def __init__(self):
    try:
        self.conductor_api = conductor.API()
    finally:
        self.seen = 0
""",
        """\
def __init__(self):
    try:
        pass
    finally:
        self.seen = 0
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
def start(self):
    self.conductor_api = conductor.API()
""",
        """\
def start(self):
    pass
""",
        id="only statement of another method",
    ),
    pytest.param(
        """\
def __init__(self):
    self.conductor_api = conductor.API()
""",
        "",
        id="only statement of __init__",
    ),
    pytest.param(
        '''\
"""Read services."""

def __init__(self):
    """Make one."""
    self.conductor_api = conductor.API()
''',
        '"""Read services."""\n',
        id="__init__ with a docstring, blank line above",
    ),
    pytest.param(
        """\
def __init__(self): self.conductor_api = conductor.API()
""",
        "",
        id="__init__ on one line",
    ),
    pytest.param(
        """\
def __init__(self):
    self.conductor_api = conductor.API()
    self.capi = conductor.API()
    self.seen = 0
""",
        INIT_AFTER,
        id="two attributes",
    ),
    pytest.param(
        """\
def __init__(self): self.conductor_api = conductor.API(); self.seen = 0
""",
        "def __init__(self): self.seen = 0\n",
        id="first on the line of its def",
    ),
    pytest.param(
        """\
def __init__(self):
    self.conductor_api = conductor.API()
    self.capi = conductor.API()
""",
        "",
        id="two attributes and nothing else",
    ),
    pytest.param(
        """\
def __init__(self):
    self.kept = conductor.API()
    self.conductor_api = self.kept
    self.seen = 0
""",
        INIT_AFTER,
        id="one attribute holds what the other held",
    ),
    pytest.param(
        """\
def __init__(self, name):
    self.conductor_api = conductor.API()
""",
        """\
def __init__(self, name):
    pass
""",
        id="__init__ with a parameter",
    ),
    pytest.param(
        """\
@traced
def __init__(self):
    self.conductor_api = conductor.API()
""",
        """\
@traced
def __init__(self):
    pass
""",
        id="decorated __init__",
    ),
    pytest.param(
        """\
def __init__(self):
    # where rows come from
    self.conductor_api = conductor.API()
""",
        """\
def __init__(self):
    pass
""",
        id="comment in __init__",
    ),
    pytest.param(
        """\
def __init__(self):
    self.conductor_api = conductor.API()
    # no more than that
""",
        """\
def __init__(self):
    pass
    # no more than that
""",
        id="comment at the end of __init__",
    ),
    pytest.param(
        """\
# how one is made
def __init__(self):
    self.conductor_api = conductor.API()
""",
        """\
# how one is made
def __init__(self):
    pass
""",
        id="comment above __init__",
    ),
    pytest.param(
        """\
def __init__(self):
    self.seen = 0

    self.conductor_api = conductor.API()
""",
        INIT_AFTER,
        id="blank line above the last statement",
    ),
]

#: Whole modules.
MODULES = [
    pytest.param(
        """\
from nova import conductor


class Base(object):
    def __init__(self):
        self.seen = 0


class Reader(Base):
    def __init__(self):
        self.conductor_api = conductor.API()

    def all(self, context):
        return self.conductor_api.service_get_all(context)
""",
        """\
from nova import objects


class Base(object):
    def __init__(self):
        self.seen = 0


class Reader(Base):
    def __init__(self):
        pass

    def all(self, context):
        return objects.ServiceList.get_all(context)
""",
        id="__init__ that hides the one of a base",
    ),
    pytest.param(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def all(self, context):
        return self.conductor_api.service_get_all(context)


class Waiter(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
""",
        """\
from nova import conductor
from nova import objects


class Reader(object):
    def __init__(self):
        self.seen = 0

    def all(self, context):
        return objects.ServiceList.get_all(context)


class Waiter(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
""",
        id="of one class of two",
    ),
    pytest.param(
        """\
from nova import conductor


class Reader:
    def all(self, context):
        return self.conductor_api.service_get_all(context)

    def __init__(self):
        self.conductor_api = conductor.API()""",
        """\
from nova import objects


class Reader:
    def all(self, context):
        return objects.ServiceList.get_all(context)
""",
        id="last method, no newline at the end",
    ),
    pytest.param(
        """\
from nova import conductor


class Reader(object):
    pass


def read(context):
    reader = Reader()
    reader.conductor_api = conductor.API()
    return reader.conductor_api.service_get_all(context)
""",
        """\
from nova import objects


class Reader(object):
    pass


def read(context):
    reader = Reader()
    return objects.ServiceList.get_all(context)
""",
        id="set from outside",
    ),
    pytest.param(
        """\
from nova import conductor


class Holder(object):
    def __init__(self):
        self.conductor_api = conductor.API()


def read(context):
    return Holder().conductor_api.service_get_all(context)
""",
        """\
from nova import objects


class Holder(object):
    pass


def read(context):
    return objects.ServiceList.get_all(context)
""",
        id="a class that holds nothing else",
    ),
    pytest.param(
        """\
import time


class Reader(object):
    def __init__(self):
        from nova import conductor
        self.conductor_api = conductor.API()
        self.seen = time.time()

    def all(self, context):
        return self.conductor_api.service_get_all(context)
""",
        """\
import time

from nova import objects


class Reader(object):
    def __init__(self):
        self.seen = time.time()

    def all(self, context):
        return objects.ServiceList.get_all(context)
""",
        id="imported in the method",
    ),
]

#: What else the class, or another, does with the attribute.
USED = [
    pytest.param("return lambda: self.conductor_api.wait_until_ready(context)", id="in a lambda"),
    pytest.param(
        "def inner():\n    return self.conductor_api\nreturn inner", id="in a function in a method"
    ),
    pytest.param("context.handle(self.conductor_api)", id="handed on"),
    pytest.param(
        "return self.conductor_api.service_get_by_host_and_topic(context, 'h', 't')",
        id="a call that stays",
    ),
    pytest.param(
        "return getattr(self, 'conductor_api')",
        id="by its name",
    ),
    pytest.param(
        "del self.conductor_api",
        id="deleted",
    ),
]

UNKNOWN_RECEIVER = """\
def wait(reader, context):
    reader.conductor_api.wait_until_ready(context)
"""

KNOWN_RECEIVER = """\
from nova.compute import example


def wait(context):
    example.Reader().conductor_api.wait_until_ready(context)
"""

HEIR = """\
from nova.compute import example


class Waiter(example.Reader):
    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
"""

#: What another file does with it.
USED_ELSEWHERE = [
    pytest.param(
        KNOWN_RECEIVER.replace("wait_until_ready(", "service_get_by_host_and_topic('h', 't', "),
        id="for a call that stays",
    ),
    pytest.param(KNOWN_RECEIVER, id="of an instance"),
    pytest.param(HEIR, id="of an heir"),
    pytest.param(UNKNOWN_RECEIVER, id="of what may be an instance"),
    pytest.param(
        "def wait(reader, context):\n"
        "    getattr(reader, 'conductor_api').wait_until_ready(context)\n",
        id="by its name",
    ),
    pytest.param(
        "def is_ready(reader):\n    return hasattr(reader, 'conductor_api')\n",
        id="asked for by its name",
    ),
    pytest.param("def stop(reader):\n    del reader.conductor_api\n", id="deleted"),
    pytest.param(
        HEIR.replace("from nova.compute import example", "from nova.compute.example import Reader")
        .replace("example.Reader", "Parent")
        .replace("\n\n\nclass", "\n\nParent = Reader\n\n\nclass"),
        id="of an heir by another name of the class",
    ),
    pytest.param(
        HEIR.replace("(example.Reader)", "(example.base_of('reader'))"),
        id="of an heir of what a call gives",
    ),
    pytest.param(
        HEIR.replace("self.conductor_api.wait", "self.__dict__['conductor_api'].wait"),
        id="of an heir, in its dict",
    ),
    pytest.param(
        "from nova.compute import example\n\n\n"
        "def wait(self, context):\n"
        "    self.conductor_api.wait_until_ready(context)\n\n\n"
        "example.Reader.wait = wait\n",
        id="by a method that it is given",
    ),
    pytest.param("def wait(:\n    self.conductor_api\n", id="in a file that cannot be parsed"),
]

MIXIN = """\
class Waiting(object):
    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
"""

#: A class of its own, with a handle of its own.
OTHER = """\
from nova import conductor


class Waiter(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)


def wait(context):
    Waiter().conductor_api.wait_until_ready(context)
"""

#: How unit tests read the attribute: what they set up, and what is read.
READ_BY_TESTS = [
    pytest.param("self.it = example.Reader()", "self.it.conductor_api.wait", id="of an instance"),
    pytest.param("self.it = self.made(example)", "self.it.conductor_api.wait", id="of who knows"),
    pytest.param(
        "self.it = example.Reader()",
        "mock.patch.object(self.it, 'conductor_api')",
        id="by its name, to replace it",
    ),
    pytest.param(
        "self.it = None",
        "mock.patch('nova.compute.example.Reader.conductor_api')",
        id="by the whole name, to replace it",
    ),
]

#: And where it is an attribute of something else.
OTHERS_IN_TESTS = [
    pytest.param("self.it = other.Waiter()", id="an instance of another class"),
    pytest.param("self.it = Wrapped(other.Waiter())", id="which is wrapped"),
    pytest.param("self.it = importutils.import_object(CONF.waiter)", id="which an option names"),
    pytest.param(
        "self.it = importutils.import_object('nova.compute.other.Waiter')", id="which a text names"
    ),
]

#: What only looks alike: it stays, and the call is rewritten.
LOOK_ALIKE = [
    pytest.param(
        """\
def __init__(self):
    self.conductor_api = self.capi = conductor.API()
    self.seen = 0
""",
        id="two targets",
    ),
    pytest.param(
        """\
def __init__(self):
    self.conductor_api, self.seen = conductor.API(), 0
""",
        id="a tuple",
    ),
    pytest.param(
        """\
conductor_api = conductor.API()
""",
        id="an attribute of the class",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    imports = "from nova.trace import traced\n" if "@traced" in before else ""
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(before, CONDUCTOR + imports),
        rewritten_class(after, OBJECTS + imports),
    )


@pytest.mark.parametrize(("before", "after"), MODULES)
def test_module_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, before, after)


def test_line_endings_stay(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, crlf(in_class(INIT)), crlf(rewritten_class(INIT_AFTER)))


@pytest.mark.parametrize("lines", USED)
def test_stays_where_the_class_uses_it(lines: str, tmp_path: pathlib.Path):
    method = f"\n    def more(self, context):\n{textwrap.indent(lines, ' ' * 8)}\n"
    before = in_class(INIT) + method
    after = rewritten_class(INIT, CONDUCTOR + OBJECTS) + method
    check_file_not_known(tmp_path, RULE, before, after)


@pytest.mark.parametrize("source", USED_ELSEWHERE)
def test_stays_where_another_file_uses_it(source: str, tmp_path: pathlib.Path):
    check_file_not_known(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT, CONDUCTOR + OBJECTS),
        beside={"nova/compute/other.py": source},
    )


def test_stays_where_a_mixin_of_an_heir_uses_it(tmp_path: pathlib.Path):
    check_file_not_known(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT, CONDUCTOR + OBJECTS),
        beside={
            "nova/compute/mixin.py": MIXIN,
            "nova/compute/other.py": "from nova.compute import mixin\n"
            "from nova.compute.example import Reader as Base\n\n\n"
            "class Waiter(mixin.Waiting, Base):\n    pass\n",
        },
    )


@pytest.mark.parametrize(
    "source", [pytest.param(MIXIN, id="mixin"), pytest.param(OTHER, id="handle of its own")]
)
def test_goes_where_another_class_uses_its_own(source: str, tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT_AFTER),
        beside={"nova/compute/other.py": source},
    )


def test_stays_where_it_is_not_just_made(tmp_path: pathlib.Path):
    made = "\n\ndef made():\n    print('made')\n    return conductor.API()\n"
    init = INIT.replace("conductor.API()", "made()")
    check_file_not_known(
        tmp_path,
        RULE,
        in_class(init) + made,
        rewritten_class(init, CONDUCTOR + OBJECTS) + made,
    )


UNIT_TEST = """\
from nova.compute import example
from nova.compute import other
from nova.openstack.common import importutils
from nova import test


class Wrapped(object):
    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr(self.target, name)


class ReaderTestCase(test.TestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = example.Reader()
        {setup}

    def test_wait(self):
        {use}
"""

OPTION = """\
opts = [cfg.StrOpt('waiter', default='nova.compute.other.Waiter')]
"""


@pytest.mark.parametrize(("setup", "use"), READ_BY_TESTS)
def test_stays_where_a_unit_test_uses_it(setup: str, use: str, tmp_path: pathlib.Path):
    check_file_not_known(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT, CONDUCTOR + OBJECTS),
        beside={
            "nova/compute/other.py": OTHER,
            "nova/tests/compute/test_reader.py": UNIT_TEST.format(setup=setup, use=use),
        },
    )


@pytest.mark.parametrize("setup", OTHERS_IN_TESTS)
def test_goes_where_a_unit_test_uses_another(setup: str, tmp_path: pathlib.Path):
    text = UNIT_TEST.format(setup=setup, use="self.it.conductor_api.wait_until_ready(None)")
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT_AFTER),
        beside={
            "nova/compute/other.py": OTHER,
            "nova/compute/options.py": OPTION,
            "nova/tests/compute/test_reader.py": text,
        },
    )


ALONE = """\
def __init__(self):
    self.conductor_api = conductor.API()
"""


@pytest.mark.parametrize(
    "heir",
    [
        pytest.param(
            "class Sub(example.Reader):\n"
            "    def __init__(self):\n        super(Sub, self).__init__()\n",
            id="calls it",
        ),
        pytest.param(
            "class Other(object):\n    def __init__(self):\n        self.seen = 0\n\n\n"
            "class Sub(example.Reader, Other):\n    pass\n",
            id="would get the one of another base",
        ),
    ],
)
def test_init_stays_where_an_heir_counts_on_it(heir: str, tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(ALONE),
        rewritten_class("def __init__(self):\n    pass\n"),
        beside={"nova/compute/other.py": f"from nova.compute import example\n\n\n{heir}"},
    )


def test_init_goes_where_an_heir_has_nothing_to_do_with_it(tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(ALONE),
        rewritten_class(""),
        beside={
            "nova/compute/other.py": "from nova.compute import example\n\n\n"
            "class Sub(example.Reader):\n    pass\n"
        },
    )


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            HEIR.partition("\n\n\n")[2].replace("example.", ""), id="an heir in the same file"
        ),
        pytest.param(
            "READER = Reader()\n\n\ndef wait(context):\n"
            "    READER.conductor_api.wait_until_ready(context)\n",
            id="an instance of the module's",
        ),
        pytest.param(
            UNKNOWN_RECEIVER,
            id="what may be an instance",
        ),
    ],
)
def test_stays_where_the_module_uses_it(more: str, tmp_path: pathlib.Path):
    before = f"{in_class(INIT)}\n\n{more}"
    after = f"{rewritten_class(INIT, CONDUCTOR + OBJECTS)}\n\n{more}"
    check_file_not_known(tmp_path, RULE, before, after)


DECORATOR = """\
def waiting(function):
    def waited(self, context):
        self.conductor_api.wait_until_ready(context)
        return function(self, context)
    return waited
"""


def test_stays_where_a_decorator_of_its_methods_uses_it(tmp_path: pathlib.Path):
    imported = CONDUCTOR + "from nova.compute import other\n"
    method = "\n    @other.waiting\n    def more(self, context):\n        pass\n"
    objects = CONDUCTOR + "from nova.compute import other\n" + OBJECTS
    check_file_not_known(
        tmp_path,
        RULE,
        in_class(INIT, imported) + method,
        rewritten_class(INIT, objects) + method,
        beside={"nova/compute/other.py": DECORATOR},
    )


def test_goes_where_a_decorator_is_for_other_methods(tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        in_class(INIT),
        rewritten_class(INIT_AFTER),
        beside={"nova/compute/other.py": DECORATOR},
    )


@pytest.mark.parametrize("start", LOOK_ALIKE)
def test_nothing_for_the_rule(start: str, tmp_path: pathlib.Path):
    after = rewritten_class(start, CONDUCTOR + OBJECTS)
    check_file_not_known(tmp_path, RULE, in_class(start), after)


def test_nothing_where_no_call_is_rewritten(tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, in_class(INIT, read=""), None, PATH)


def test_class_in_a_class_is_left(tmp_path: pathlib.Path):
    outer = "class Outer(object):\n"
    before = textwrap.indent(in_class(INIT, "").lstrip("\n"), "    ")
    after = textwrap.indent(rewritten_class(INIT, "").lstrip("\n"), "    ")
    check_file_not_known(
        tmp_path,
        RULE,
        f"{CONDUCTOR}\n\n{outer}{before}",
        f"{CONDUCTOR}{OBJECTS}\n\n{outer}{after}",
    )
