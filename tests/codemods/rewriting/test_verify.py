# SPDX-License-Identifier: Apache-2.0
"""What a rewritten file is refused for before anybody sees it."""

import textwrap

import pytest

from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree
from codemods.rewriting.verify import (
    Unsound,
    verify_comments,
    verify_imports,
    verify_named,
    verify_names,
)
from codemods.syntax.source import Source

OBJECTS = "from nova import objects"


def source(text: str) -> Source:
    return Source("nova/example.py", text.encode())


def in_file(lines: str) -> str:
    """A file whose only function has the lines."""
    return f"{OBJECTS}\n\n\ndef read(rows):\n{textwrap.indent(lines, '    ')}"


#: The lines of a function before and after, and the line that is named.
TAKEN = [
    pytest.param("for objects in rows:\n    a()\n", "objects.B()\n", id="by a loop"),
    pytest.param("with a() as objects:\n    a()\n", "objects.B()\n", id="by with"),
    pytest.param("try:\n    a()\nexcept E as objects:\n    a()\n", "objects.B()\n", id="by except"),
    pytest.param("try:\n    a()\nexcept E, objects:\n    a()\n", "objects.B()\n", id="Python 2"),
    pytest.param("objects, _ = rows\n", "objects.B()\n", id="by an assignment of two"),
    pytest.param("def objects():\n    pass\n", "objects.B()\n", id="by a function"),
    pytest.param("class objects:\n    pass\n", "objects.B()\n", id="by a class"),
    pytest.param("from nova.api import objects\n", "objects.B()\n", id="by another import"),
    pytest.param("a([objects for objects in rows])\n", "objects.B()\n", id="by a list"),
    pytest.param("objects = rows\nobjects.c()\n", "objects.B()\n", id="and read before"),
    pytest.param("objects = rows\n", "def b():\n    objects.B()\n", id="read by a function inside"),
    pytest.param("if rows:\n    from nova import objects\n", "objects.B()\n", id="at times only"),
]

FREE = [
    pytest.param("a()\n", "objects.B()\n", id="not at all"),
    pytest.param("objects = rows\na(objects)\n", "a()\n", id="and not read"),
    pytest.param("global objects\nobjects = rows\n", "objects.B()\n", id="for the module"),
    pytest.param("from nova import objects\n", "objects.B()\n", id="by the same import"),
    pytest.param("def b(objects):\n    objects.c()\n", "objects.B()\n", id="by a function inside"),
    pytest.param("a(lambda objects: objects.c())\n", "objects.B()\n", id="by a lambda inside"),
    pytest.param("rows.objects = 1\na(objects=2)\n", "objects.B()\n", id="by no name"),
]


@pytest.mark.parametrize(("lines", "new"), TAKEN)
def test_name_is_taken_in_the_function(lines: str, new: str):
    with pytest.raises(Unsound, match=r"^line 4: `objects` is a local name here$"):
        verify_names(source(in_file(lines)), source(in_file(lines + new)), [OBJECTS])


@pytest.mark.parametrize(("lines", "new"), FREE)
def test_name_is_free_in_the_function(lines: str, new: str):
    verify_names(source(in_file(lines)), source(in_file(lines + new)), [OBJECTS])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "def a(b):\n    def c(objects):\n        b()\n",
            "def a(b):\n    def c(objects):\n        objects.B()\n",
            id="of a function inside",
        ),
        pytest.param(
            "class A(object):\n    def c(self, *objects):\n        b()\n",
            "class A(object):\n    def c(self, *objects):\n        objects.B()\n",
            id="of a method",
        ),
        pytest.param(
            "a = lambda objects: b(objects)\n",
            "a = lambda objects: objects.B(objects)\n",
            id="of a lambda",
        ),
        pytest.param(
            "def a(objects):\n    objects.b()\n",
            "def a(objects):\n    objects.B()\n",
            id="read as often as before",
        ),
    ],
)
def test_parameter_takes_the_name(before: str, after: str):
    with pytest.raises(Unsound, match="`objects` is a local name here"):
        verify_names(source(before), source(f"{OBJECTS}\n{after}"), [OBJECTS])


def test_lambda_above_another_goes():
    before = "a = lambda: b\nc = lambda objects: objects.d\n"
    verify_names(source(before), source(f"{OBJECTS}\n{before.partition(chr(10))[2]}"), [OBJECTS])


def test_name_of_a_class_is_no_matter_in_its_methods():
    text = "class A(object):\n    objects = []\n\n    def b(self):\n        {}\n"
    before, after = text.format("pass"), f"{OBJECTS}\n{text.format('objects.B()')}"
    verify_names(source(before), source(after), [OBJECTS])


@pytest.mark.parametrize(
    ("before", "after", "dropped"),
    [
        pytest.param(b"a = 1  # one\n", b"# one\na = 1\n", [], id="moved"),
        pytest.param(b"# one\na = 1\n", b"a = 1\n", ["# one"], id="dropped on purpose"),
        pytest.param(b"a = '# one'\n", b"a = 1\n", [], id="in a text"),
    ],
)
def test_comments_are_all_there(before: bytes, after: bytes, dropped: list[str]):
    verify_comments(before, after, dropped)


@pytest.mark.parametrize(
    ("before", "after", "dropped"),
    [
        pytest.param(b"a = 1  # one\n", b"a = 1\n", ["# two"], id="none left"),
        pytest.param(b"# one\n# one\na = 1\n", b"# one\na = 1\n", [], id="one of two"),
    ],
)
def test_comment_is_lost(before: bytes, after: bytes, dropped: list[str]):
    with pytest.raises(Unsound, match="has lost a comment: # one"):
        verify_comments(before, after, dropped)


FILES = {
    "nova/__init__.py": b"",
    "nova/objects/__init__.py": b"def register_all():\n    pass\n",
    "nova/objects/flavor.py": b"class Flavor(object):\n    pass\n",
}


@pytest.mark.parametrize(
    "line",
    [
        "from nova import objects",
        "from nova.objects import flavor",
        "from nova.objects import register_all",
        "from nova.objects.flavor import Flavor",
        "import nova.objects.flavor",
        "from shim import objects",
        "import copy",
    ],
)
def test_tree_has_what_is_imported(line: str):
    verify_imports([line], Project(FILES), "nova")


@pytest.mark.parametrize(
    "line",
    [
        "from nova import utils",
        "from nova.objects import service",
        "from nova.objects.flavor import FlavorList",
        "from nova.tests.objects import test_compute_node",
        "import nova.utils",
    ],
)
def test_tree_lacks_what_is_imported(line: str):
    with pytest.raises(Unsound, match=f"^`{line}` asks for what the tree does not have$"):
        verify_imports([line], Project(FILES), "nova")


# names of the tree's own modules

TREE = {
    "nova/__init__.py": b"",
    "nova/db/__init__.py": b"from nova.db.api import *\n",
    "nova/db/api.py": b"def get():\n    pass\n\n\ndef _set():\n    global last\n    last = 1\n",
    "nova/made.py": b"globals()['late'] = 1\n",
    "nova/objects/__init__.py": b"",
    "nova/objects/base.py": b"setattr(objects, 'X', X)\n\n\nclass NovaObject(object):\n    A = 1\n",
    "nova/objects/service.py": b"class Service(object):\n    pass\n",
    "nova/other.py": b"from oslo import *\n",
    "nova/text.py": b"\xff",
}

HEAD = """\
import copy
from nova import db
from nova import made
from nova import objects
from nova.objects import base
from nova import other
from nova import text
"""


def verified(before: str, after: str) -> None:
    tree = Tree(Project(TREE))
    old = Module("nova.example", source(HEAD + before))
    verify_named(old, source(HEAD + after), tree)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("base.NovaObject", id="class"),
        pytest.param("db.get", id="by an import of all"),
        pytest.param("db.last", id="made global"),
        pytest.param("db.api", id="module"),
        pytest.param("objects.Service", id="registered object"),
        pytest.param("made.late", id="made at run time"),
        pytest.param("other.anything", id="from another package's"),
        pytest.param("text.anything", id="of a module that is no text"),
        pytest.param("copy.anything", id="not of the tree"),
        pytest.param("[db.gone for db in a]", id="of another thing of that name"),
    ],
)
def test_named_is_there(line: str):
    verified("", f"{line}\n")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param(
            "base.NovaPersistentObject", "nova.objects.base.NovaPersistentObject", id="class"
        ),
        pytest.param("class A(base.B):\n    pass", "nova.objects.base.B", id="base class"),
        pytest.param("base.A", "nova.objects.base.A", id="what a class has"),
        pytest.param("db.update", "nova.db.update", id="not by an import of all"),
        pytest.param("objects.Flavor", "nova.objects.Flavor", id="no registered object"),
        pytest.param("def a():\n    from nova import gone", "nova.gone", id="import in a function"),
        pytest.param("import nova.gone", "nova.gone", id="import"),
    ],
)
def test_named_is_not_there(line: str, name: str):
    with pytest.raises(Unsound, match=f"names {name}, which the tree does not have"):
        verified("", f"{line}\n")
    verified(f"{line}\n", f"{line}\nprint\n")
