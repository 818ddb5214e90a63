# SPDX-License-Identifier: Apache-2.0
"""Imports go where nova wants them, go when nothing uses them, and nothing else moves."""

import ast
import re
from collections.abc import Iterable

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from codemods.rewriting.imported import Imported, imports_of, rank
from codemods.rewriting.imports import NoPlace, with_imports, without_unused
from codemods.syntax.source import Source, Unparsed

OBJECTS = "from nova import objects"
COPY = "import copy"
SIX = "import six"


def added(text: str, *lines: str, package: str = "nova") -> str:
    """The text with the imports, which it then has: it parses, and asking again changes nothing."""
    after = with_imports(text.encode(), lines, package)
    ast.parse(after)
    assert with_imports(after, lines, package) == after
    return after.decode()


def cleaned(before: str, after: str) -> str:
    """What is left of `after`, which `before` has become; it parses, and is left in peace."""
    source = Source("nova/example.py", before.encode())
    left = without_unused(after.encode(), source)
    ast.parse(left)
    assert without_unused(left, source) == left
    return left.decode()


#: What a file becomes when it lacks imports: its text, the lines, the text with them.
ADDED = {
    "between-its-neighbours": (
        "from nova import context\nfrom nova import utils\n",
        [OBJECTS],
        "from nova import context\nfrom nova import objects\nfrom nova import utils\n",
    ),
    "the-module-counts-as-well-as-the-name": (
        "from nova.network import model\nfrom nova import quota\n",
        ["from nova.objects import base as obj_base", OBJECTS],
        "from nova.network import model\nfrom nova import objects\n"
        "from nova.objects import base as obj_base\nfrom nova import quota\n",
    ),
    "case-does-not-count": (
        "import ConfigParser\nimport os\n",
        [COPY],
        "import ConfigParser\nimport copy\nimport os\n",
    ),
    "above-the-first-of-its-group": (
        "import os\n\nfrom nova import utils\n",
        [OBJECTS],
        "import os\n\nfrom nova import objects\nfrom nova import utils\n",
    ),
    "a-group-of-its-own-in-front": (
        "# Legal words.\n\nfrom nova import utils\n",
        [COPY],
        "# Legal words.\n\nimport copy\n\nfrom nova import utils\n",
    ),
    "a-group-of-its-own-between": (
        "import os\n\nfrom nova import utils\n",
        [SIX],
        "import os\n\nimport six\n\nfrom nova import utils\n",
    ),
    "a-group-of-its-own-behind": (
        "import os\n\nimport six\n\n\nclass A(object):\n    pass\n",
        [OBJECTS],
        "import os\n\nimport six\n\nfrom nova import objects\n\n\nclass A(object):\n    pass\n",
    ),
    "three-groups-at-once": (
        "LOG = None\n",
        [OBJECTS, SIX, COPY],
        "import copy\n\nimport six\n\nfrom nova import objects\n\nLOG = None\n",
    ),
    "python-2-had-it": (
        "import os\n\nimport webob\n",
        ["import urllib2", "import Queue", "import __builtin__"],
        "import __builtin__\nimport os\nimport Queue\nimport urllib2\n\nimport webob\n",
    ),
    "the-future-comes-first": (
        '"""What it is."""\n\nfrom __future__ import print_function\n\nX = 1\n',
        [COPY],
        '"""What it is."""\n\nfrom __future__ import print_function\n\nimport copy\n\nX = 1\n',
    ),
    "the-future-is-wanted": (
        "import os\n",
        ["from __future__ import division"],
        "from __future__ import division\n\nimport os\n",
    ),
    "not-sorted": (
        "from nova import db\nfrom nova import utils\nfrom nova import context\n"
        "from nova import wsgi\n",
        [OBJECTS],
        "from nova import db\nfrom nova import utils\nfrom nova import context\n"
        "from nova import objects\nfrom nova import wsgi\n",
    ),
    "groups-not-parted": (
        "import os\nimport six\nfrom nova import utils\n",
        [COPY, OBJECTS],
        "import copy\nimport os\nimport six\nfrom nova import objects\nfrom nova import utils\n",
    ),
    "shim-behind-the-tree": (
        "import os\n\nfrom nova import utils\n\nX = 1\n",
        ["from shim import objects", "from nova import exception"],
        "import os\n\nfrom nova import exception\nfrom nova import utils\n\n"
        "from shim import objects\n\nX = 1\n",
    ),
    "a-fork-of-another-name": (
        "import webob\n\nfrom cloud import utils\n\nX = 1\n",
        ["from cloud import objects", "from nova import db"],
        "from nova import db\nimport webob\n\n"
        "from cloud import objects\nfrom cloud import utils\n\nX = 1\n",
    ),
    "relative-ones-stay-behind": (
        "from nova import db\n\nfrom . import api\n\nX = 1\n",
        [OBJECTS],
        "from nova import db\nfrom nova import objects\n\nfrom . import api\n\nX = 1\n",
    ),
    "licence-stays-on-top": (
        "# Copyright, somebody\nfrom nova import utils\n",
        [OBJECTS],
        "# Copyright, somebody\nfrom nova import objects\nfrom nova import utils\n",
    ),
    "licence-in-two-parts-stays-on-top": (
        "# vim: tabstop=4\n\n# Under the License.\nfrom nova import utils\n",
        [COPY],
        "# vim: tabstop=4\n\n# Under the License.\nimport copy\n\nfrom nova import utils\n",
    ),
    "any-comment-stays-on-top": (
        "# What it is\nimport re\n",
        [COPY],
        "# What it is\nimport copy\nimport re\n",
    ),
    "licence-above-other-code": (
        "#!/usr/bin/env python\n# Copyright, somebody\nX = 1\n",
        [COPY],
        "#!/usr/bin/env python\n# Copyright, somebody\n\nimport copy\n\nX = 1\n",
    ),
    "a-gap-as-above-other-imports": (
        "# Legal words.\n\n\nclass A(object):\n    pass\n",
        [COPY],
        "# Legal words.\n\nimport copy\n\n\nclass A(object):\n    pass\n",
    ),
    "docstring-stays-on-top": (
        '"""What it is."""\n\n\nclass A(object):\n    pass\n',
        [OBJECTS],
        '"""What it is."""\n\nfrom nova import objects\n\n\nclass A(object):\n    pass\n',
    ),
    "docstring-on-the-line-of-an-import": (
        '"""What."""; import os\nimport sys\n',
        [COPY],
        '"""What."""; import os\nimport copy\nimport sys\n',
    ),
    "docstring-on-the-line-of-an-import-of-a-later-group": (
        '# Legal words.\n"""What.""" "Why."; from nova import utils\n',
        [COPY, OBJECTS],
        '# Legal words.\n"""What.""" "Why."; from nova import utils\n'
        "from nova import objects\n\nimport copy\n",
    ),
    "docstring-right-above-a-class": (
        '"""What it is."""\nclass A(object):\n    pass\n',
        [OBJECTS],
        '"""What it is."""\n\nfrom nova import objects\n\n\nclass A(object):\n    pass\n',
    ),
    "docstring-right-above-a-comment": (
        '"""What it is."""\n# one\nX = 1\n',
        [OBJECTS],
        '"""What it is."""\n\nfrom nova import objects\n\n# one\nX = 1\n',
    ),
    "docstring-with-a-definition-in-it": (
        '"""What it is.\n\nclass A:\ndef f():\n"""\n\nimport os\n',
        [COPY],
        '"""What it is.\n\nclass A:\ndef f():\n"""\n\nimport copy\nimport os\n',
    ),
    "comment-stays-above-its-import": (
        "import os\n\n# why\n# and how\nfrom nova import utils\n",
        [OBJECTS],
        "import os\n\nfrom nova import objects\n# why\n# and how\nfrom nova import utils\n",
    ),
    "comment-stays-above-its-import-of-a-later-group": (
        "import os\n\n# why\nfrom nova import utils\n",
        [SIX],
        "import os\n\nimport six\n\n# why\nfrom nova import utils\n",
    ),
    "comment-stays-above-the-next": (
        "from nova import db\n# why\nfrom nova import utils\n",
        [OBJECTS],
        "from nova import db\nfrom nova import objects\n# why\nfrom nova import utils\n",
    ),
    "comment-stays-above-a-class": (
        "# Legal words.\n\n# about it\nclass A(object):\n    pass\n",
        [COPY],
        "# Legal words.\n\nimport copy\n\n\n# about it\nclass A(object):\n    pass\n",
    ),
    "comment-stays-behind": (
        "from nova import db  # noqa\nfrom nova import utils  # noqa\n",
        [OBJECTS],
        "from nova import db  # noqa\nfrom nova import objects\nfrom nova import utils  # noqa\n",
    ),
    "no-place-in-a-try": (
        "import os\n\ntry:\n    import json\nexcept ImportError:\n    json = None\n\n"
        "from nova import utils\n",
        ["import re", OBJECTS],
        "import os\nimport re\n\ntry:\n    import json\nexcept ImportError:\n    json = None\n\n"
        "from nova import objects\nfrom nova import utils\n",
    ),
    "nothing-but-a-try": (
        "# Legal words.\n\ntry:\n    import json\nexcept ImportError:\n    json = None\n",
        [OBJECTS],
        "# Legal words.\n\nfrom nova import objects\n\n"
        "try:\n    import json\nexcept ImportError:\n    json = None\n",
    ),
    "no-place-below-a-condition": (
        "import os\nif os.name == 'nt':\n    import msvcrt\nX = 1\n",
        [COPY],
        "import copy\nimport os\nif os.name == 'nt':\n    import msvcrt\nX = 1\n",
    ),
    "behind-parentheses": (
        "from nova import (context,  # one\n                  db,\n)  # both\nX = 1\n",
        [OBJECTS],
        "from nova import (context,  # one\n                  db,\n)  # both\n"
        "from nova import objects\nX = 1\n",
    ),
    "behind-a-backslash": (
        "from nova import context, \\\n    db\nX = 1\n",
        [OBJECTS],
        "from nova import context, \\\n    db\nfrom nova import objects\nX = 1\n",
    ),
    "behind-two-on-a-line": (
        "import os, sys\nX = 1\n",
        ["import re"],
        "import os, sys\nimport re\nX = 1\n",
    ),
    "behind-what-shares-the-line": (
        "import os; os.umask(0); \\\nX = 1\nY = 2\n",
        ["import re"],
        "import os; os.umask(0); \\\nX = 1\nimport re\nY = 2\n",
    ),
    "above-what-is-imported-later-on": (
        "import os\n\n\ndef f():\n    pass\n\n\nfrom nova import utils\n",
        [OBJECTS],
        "import os\n\nfrom nova import objects\n\n\ndef f():\n    pass\n\n\n"
        "from nova import utils\n",
    ),
    "another-submodule-of-the-same-package": (
        "import nova.conductor\nfrom nova import utils\n",
        ["import nova.objects"],
        "import nova.conductor\nimport nova.objects\nfrom nova import utils\n",
    ),
    "the-package-has-another-name": (
        "import nova.objects\n",
        [OBJECTS],
        "from nova import objects\nimport nova.objects\n",
    ),
    "the-name-in-a-class-is-another": (
        "import os\n\n\nclass A(object):\n    objects = None\n\n    def objects(self):\n"
        "        objects = 1\n        return objects\n",
        [OBJECTS],
        "import os\n\nfrom nova import objects\n\n\nclass A(object):\n    objects = None\n\n"
        "    def objects(self):\n        objects = 1\n        return objects\n",
    ),
    "crlf": (
        "import os\r\n\r\nfrom nova import utils\r\n",
        [SIX, OBJECTS],
        "import os\r\n\r\nimport six\r\n\r\nfrom nova import objects\r\nfrom nova import utils\r\n",
    ),
    "no-newline-at-the-end": ("import os", ["import re"], "import os\nimport re"),
    "nothing-in-it": ("", [SIX, OBJECTS], "import six\n\nfrom nova import objects\n"),
    "nothing-but-a-docstring": ('"""What."""\n', [COPY], '"""What."""\n\nimport copy\n'),
    "nothing-but-a-comment": ("# Legal words.\n", [COPY], "# Legal words.\n\nimport copy\n"),
    "declared-in-an-encoding-that-it-no-longer-has": (
        "# -*- coding: latin-1 -*-\nimport os  # \u20ac\n",
        [COPY],
        "# -*- coding: latin-1 -*-\nimport copy\nimport os  # \u20ac\n",
    ),
}


@pytest.mark.parametrize(("text", "lines", "expected"), ADDED.values(), ids=ADDED)
def test_a_missing_import_goes_into_its_place(text, lines, expected):
    package = "cloud" if "from cloud" in text else "nova"
    assert added(text, *lines, package=package) == expected


#: What has the import already, or one that does for it.
THERE = {
    "nothing-wanted": ("X = 1\n", []),
    "as-it-is-wanted": ("from nova import objects\n", [OBJECTS]),
    "among-others": ("from nova import (db, objects)\n", [OBJECTS]),
    "below-other-code": ("import os\n\n\ndef f():\n    pass\n\n\nimport copy\n", [COPY]),
    "under-the-same-name": ("import nova.objects as objects\n", [OBJECTS]),
    "another-alias": (
        "from nova.objects import base as obj_base\n",
        ["from nova.objects import base as obj_base"],
    ),
    "a-submodule-binds-the-package": ("import nova.objects\n", ["import nova"]),
    "in-a-try": ("try:\n    import copy\nexcept ImportError:\n    copy = None\n", [COPY]),
    "in-a-try-with-another": (
        "try:\n    from nova import objects\nexcept ImportError:\n"
        "    from nova.compat import objects\n",
        [OBJECTS],
    ),
    "with-a-star-beside-it": ("from nova.x import *\nimport copy\n", [COPY]),
}


@pytest.mark.parametrize(("text", "lines"), THERE.values(), ids=THERE)
def test_an_import_that_is_there_is_not_added_again(text, lines):
    assert added(text, *lines) == text


#: What uses the name for something else, and the words that say so.
REFUSED = {
    "another-import": ("from nova.api import objects\n", "nova.api.objects"),
    "another-under-the-name": ("from nova import utils as objects\n", "nova.utils"),
    "a-relative-one": ("from . import objects\n", ".objects"),
    "a-class": ("import os\n\n\nclass objects(object):\n    pass\n", "a class"),
    "a-function": ("import os\n\n\ndef objects():\n    pass\n", "a function"),
    "a-decorated-function": ("@f\ndef objects():\n    pass\n", "a function"),
    "a-variable": ("import os\n\nobjects = []\n", "a variable"),
    "a-variable-below-functions": (
        "import os\n\n\ndef f():\n    pass\n\n\nx, objects = f()\n",
        "a variable",
    ),
    "a-function-below-a-condition": (
        "import os\n\n\ndef f():\n    pass\n\n\nif f():\n    # so far\n\n# or not\n"
        "    def objects(self):\n        pass\n",
        "a function",
    ),
    "a-variable-behind-a-text-at-the-margin": (
        "import os\n\n\ndef f():\n    pass\n\n\nif f():\n    x = f('''\ntext\n'''\n)\n"
        "    objects = 1\n",
        "a variable",
    ),
    "an-import-further-down": (
        "def f():\n    pass\n\n\nfrom nova.api import (db,\n    objects)\n",
        "nova.api.objects",
    ),
    "a-variable-of-a-loop": ("for objects in range(3):\n    pass\n", "a variable"),
    "a-variable-of-a-with": ("with open('x') as objects:\n    pass\n", "a variable"),
    "an-exception": ("try:\n    f()\nexcept IOError as objects:\n    pass\n", "a variable"),
    "an-exception-in-python-2": (
        "import os\n\n\ndef f():\n    pass\n\n\n"
        "try:\n    f()\nexcept IOError, objects:\n    raise\n",
        "a variable",
    ),
    "deleted": ("from nova import objects\ndel objects\n", "a variable"),
    "replaced": ("from nova import objects\n\n\ndef f():\n    pass\n\n\nobjects = f()\n", "a var"),
    "global-in-a-function": (
        "import os\n\n\ndef f():\n    global objects\n    objects = 1\n",
        "a variable",
    ),
    "first-choice-is-another": (
        "try:\n    from nova.fast import objects\nexcept ImportError:\n"
        "    from nova import objects\n",
        "nova.fast.objects",
    ),
    "only-on-a-condition": ("if True:\n    from nova import objects\n", "imported on a condition"),
    "only-in-a-handler": (
        "try:\n    import os\nexcept ImportError:\n    from nova import objects\n",
        "imported on a condition",
    ),
    "a-star": ("from nova.everything import *\n", "may come from"),
    "a-star-further-down": ("def f():\n    pass\n\n\nfrom nova.x import *\n", "may come from"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_a_name_that_is_something_else_is_refused(text, words):
    with pytest.raises(NoPlace, match=re.escape(words)):
        with_imports(text.encode(), [OBJECTS], "nova")


def test_a_name_cannot_be_wanted_for_two_things():
    with pytest.raises(NoPlace, match=r"both nova\.objects and shim\.objects"):
        with_imports(b"X = 1\n", [OBJECTS, "from shim import objects"], "nova")


def test_what_libcst_does_not_read_is_refused():
    text = "import os\nX = " + " + ".join(["os"] * 700) + "\nimport re\n"
    with pytest.raises(NoPlace, match="not understood"):
        with_imports(text.encode(), [OBJECTS], "nova")
    assert cleaned(f"{text}re\n", text) == text


def test_what_is_no_python_is_not_parsed():
    with pytest.raises(Unparsed):
        with_imports(b"import os\nX = = 1\n", [OBJECTS], "nova")


#: What goes with the code that used it: the file before, the file after, what is left.
REMOVED = {
    "one-of-a-group": (
        "import os\nimport re\n\nX = os.name, re.I\n",
        "import os\nimport re\n\nX = os.name\n",
        "import os\n\nX = os.name\n",
    ),
    "the-first-of-a-group": (
        "import os\n\nfrom nova import db\nfrom nova import utils\n\nX = os, db, utils\n",
        "import os\n\nfrom nova import db\nfrom nova import utils\n\nX = os, utils\n",
        "import os\n\nfrom nova import utils\n\nX = os, utils\n",
    ),
    "the-last-of-a-group": (
        "import os\n\nimport six\n\nfrom nova import db\n\n\ndef f():\n    six.u(os, db)\n",
        "import os\n\nimport six\n\nfrom nova import db\n\n\ndef f():\n    f(os, db)\n",
        "import os\n\nfrom nova import db\n\n\ndef f():\n    f(os, db)\n",
    ),
    "the-last-group": (
        "import os\n\nfrom nova import db\n\n\ndef f():\n    db.f(os)\n",
        "import os\n\nfrom nova import db\n\n\ndef f():\n    f(os)\n",
        "import os\n\n\ndef f():\n    f(os)\n",
    ),
    "several-groups": (
        "# Legal words.\n\nimport os\n\nimport six\n\nX = os, six\n",
        "# Legal words.\n\nimport os\n\nimport six\n\nX = 1\n",
        "# Legal words.\n\nX = 1\n",
    ),
    "the-first-line": ("import os\n\n\nX = os\n", "import os\n\n\nX = 1\n", "X = 1\n"),
    "all-there-is": ("import os\nos\n", "import os\n", ""),
    "the-last-line": (
        '"""What it is."""\n\nimport os\nos\n',
        '"""What it is."""\n\nimport os\n',
        '"""What it is."""\n',
    ),
    "right-below-the-licence": (
        "# Copyright, somebody\nimport os\nimport re\nX = os, re\n",
        "# Copyright, somebody\nimport os\nimport re\nX = re\n",
        "# Copyright, somebody\nimport re\nX = re\n",
    ),
    "between-the-licence-and-a-comment": (
        "# Copyright, somebody\nimport os\n# why\nimport re\nX = os, re\n",
        "# Copyright, somebody\nimport os\n# why\nimport re\nX = re\n",
        "# Copyright, somebody\n\n# why\nimport re\nX = re\n",
    ),
    "right-below-the-first-line-of-a-script": (
        "#!/usr/bin/env python\nimport os\nX = os\n",
        "#!/usr/bin/env python\nimport os\nX = 1\n",
        "#!/usr/bin/env python\nX = 1\n",
    ),
    "below-a-comment-that-is-not-its-own": (
        "import os\n\n# The others.\n\nimport re\n\nX = os, re\n",
        "import os\n\n# The others.\n\nimport re\n\nX = os\n",
        "import os\n\n# The others.\n\nX = os\n",
    ),
    "below-functions": (
        "def f():\n    pass\n\n\n# about it\n\nimport re\nX = re\n\n\ndef g():\n    pass\n",
        "def f():\n    pass\n\n\n# about it\n\nimport re\nX = 1\n\n\ndef g():\n    pass\n",
        "def f():\n    pass\n\n\n# about it\n\nX = 1\n\n\ndef g():\n    pass\n",
    ),
    "one-of-two-on-a-line": (
        "import os, re  # noqa\nX = os, re\n",
        "import os, re  # noqa\nX = re\n",
        "import re  # noqa\nX = re\n",
    ),
    "the-last-of-two-on-a-line": (
        "import os, re\nX = os, re\n",
        "import os, re\nX = os\n",
        "import os\nX = os\n",
    ),
    "behind-a-backslash": (
        "from nova import db, \\\n    utils\nX = db, utils\n",
        "from nova import db, \\\n    utils\nX = db\n",
        "from nova import db\nX = db\n",
    ),
    "before-a-backslash": (
        "from nova import db, \\\n    utils\nX = db, utils\n",
        "from nova import db, \\\n    utils\nX = utils\n",
        "from nova import utils\nX = utils\n",
    ),
    "beside-a-statement": (
        "import os; import re; X = os, re\n",
        "import os; import re; X = os\n",
        "import os; X = os\n",
    ),
    "behind-a-statement": (
        "X = 1; import re  # both\nre\n",
        "X = 1; import re  # both\n",
        "X = 1  # both\n",
    ),
    "the-first-in-parentheses": (
        "from nova import (db,\n                  utils)\nX = db, utils\n",
        "from nova import (db,\n                  utils)\nX = utils\n",
        "from nova import (utils)\nX = utils\n",
    ),
    "the-middle-one-in-parentheses": (
        "from nova import (\n    db,  # rows\n    test,\n    # tools\n    utils,\n)\n"
        "X = db, test, utils\n",
        "from nova import (\n    db,  # rows\n    test,\n    # tools\n    utils,\n)\n"
        "X = db, utils\n",
        "from nova import (\n    db,  # rows\n    # tools\n    utils,\n)\nX = db, utils\n",
    ),
    "the-last-in-parentheses": (
        "from nova import (\n    db,  # rows\n    utils\n)\nX = db, utils\n",
        "from nova import (\n    db,  # rows\n    utils\n)\nX = db\n",
        "from nova import (\n    db  # rows\n)\nX = db\n",
    ),
    "the-last-with-a-comma-in-parentheses": (
        "from nova import (\n    db,\n    utils,\n)\nX = db, utils\n",
        "from nova import (\n    db,\n    utils,\n)\nX = db\n",
        "from nova import (\n    db,\n)\nX = db\n",
    ),
    "all-but-the-middle-one-in-parentheses": (
        "from nova import (db, test, utils)\nX = db, test, utils\n",
        "from nova import (db, test, utils)\nX = test\n",
        "from nova import (test)\nX = test\n",
    ),
    "all-in-parentheses": (
        "import os\nfrom nova import (\n    db,\n    utils,\n)\nX = os, db, utils\n",
        "import os\nfrom nova import (\n    db,\n    utils,\n)\nX = os\n",
        "import os\nX = os\n",
    ),
    "one-that-has-a-comment-stays": (
        "from nova import (\n    db,  # rows\n    utils,\n)\nX = db, utils\n",
        "from nova import (\n    db,  # rows\n    utils,\n)\nX = 1\n",
        "from nova import (\n    db,  # rows\n)\nX = 1\n",
    ),
    "its-alias": (
        "from nova.conductor import api as conductor_api\nX = conductor_api\n",
        "from nova.conductor import api as conductor_api\nX = api\n",
        "X = api\n",
    ),
    "its-package": (
        "import nova.conductor\nX = nova.conductor.API()\n",
        "import nova.conductor\nX = 1\n",
        "X = 1\n",
    ),
    "a-local-variable-is-another": (
        "from nova import service\n\n\ndef f():\n    return service.x\n",
        "from nova import service\n\n\ndef f():\n    service = g()\n    return service.x\n",
        "def f():\n    service = g()\n    return service.x\n",
    ),
    "a-parameter-is-another": (
        "from nova import service\n\n\ndef f(service):\n    def g():\n        return service\n\n\n"
        "X = service\n",
        "from nova import service\n\n\ndef f(service):\n    def g():\n        return service\n",
        "def f(service):\n    def g():\n        return service\n",
    ),
    "a-parameter-of-a-lambda-is-another": (
        "from nova import db\n\nX = db, lambda db: db.x\n",
        "from nova import db\n\nX = lambda db: db.x\n",
        "X = lambda db: db.x\n",
    ),
    "a-variable-of-a-comprehension-is-another": (
        "from nova import db\n\nX = db, [db.x for db in []]\n",
        "from nova import db\n\nX = [db.x for db in []]\n",
        "X = [db.x for db in []]\n",
    ),
    "an-import-of-a-function-is-another": (
        "import six\n\n\ndef f():\n    import six\n    six.x\n\n\nsix.x\n",
        "import six\n\n\ndef f():\n    import six\n    six.x\n",
        "def f():\n    import six\n    six.x\n",
    ),
    "a-doctest-does-not-count": (
        "import re\n\n\ndef f():\n    '''\n    >>> re.I\n    '''\n    return re.I\n",
        "import re\n\n\ndef f():\n    '''\n    >>> re.I\n    '''\n    return 1\n",
        "def f():\n    '''\n    >>> re.I\n    '''\n    return 1\n",
    ),
    "within-a-function": (
        "def f():\n    '''What it does.'''\n    import re\n\n    import os\n\n    return os, re\n",
        "def f():\n    '''What it does.'''\n    import re\n\n    import os\n\n    return os\n",
        "def f():\n    '''What it does.'''\n\n    import os\n\n    return os\n",
    ),
    "at-the-top-of-a-method": (
        "class A(object):\n    def f(self):\n        import re\n\n        return re\n\n"
        "    def g(self):\n        import re\n        return re\n",
        "class A(object):\n    def f(self):\n        import re\n\n        return 1\n\n"
        "    def g(self):\n        import re\n        return re\n",
        "class A(object):\n    def f(self):\n        return 1\n\n"
        "    def g(self):\n        import re\n        return re\n",
    ),
    "within-a-decorated-function-in-another": (
        "def f():\n    @f\n    def g():\n        if f:\n            import re\n            f(re)\n"
        "            f()\n\n    import re\n    return g, re\n",
        "def f():\n    @f\n    def g():\n        if f:\n            import re\n            f()\n\n"
        "    import re\n    return g\n",
        "def f():\n    @f\n    def g():\n        if f:\n            f()\n\n    return g\n",
    ),
    "crlf": (
        "import os\r\nimport re\r\n\r\nX = os, re\r\n",
        "import os\r\nimport re\r\n\r\nX = os\r\n",
        "import os\r\n\r\nX = os\r\n",
    ),
    "no-newline-at-the-end": ("X = 1\nimport os\nos", "X = 1\nimport os", "X = 1"),
}


@pytest.mark.parametrize(("before", "after", "expected"), REMOVED.values(), ids=REMOVED)
def test_an_import_goes_with_the_code_that_used_it(before, after, expected):
    assert cleaned(before, after) == expected


#: What stays: the file before, the file after.
KEPT = {
    "still-used": ("import re\nX = re, re\n", "import re\nX = re\n"),
    "never-used": ("import re\nX = os\n", "import re\nX = 1\n"),
    "never-used-but-for-a-local-variable": (
        "import re\n\n\ndef f(re):\n    return re\n",
        "import re\n\n\ndef f(re):\n    return 1\n",
    ),
    "only-here": ("X = re\n", "import re\nX = 1\n"),
    "a-submodule-never-used": (
        "import nova.conductor\nimport nova.db\nX = nova.db\n",
        "import nova.conductor\nX = 1\n",
    ),
    "its-package-is-used": (
        "import nova.conductor\nX = nova.conductor, nova\n",
        "import nova.conductor\nX = nova.db\n",
    ),
    "in-all": ("import re\n\n__all__ = ['re']\nre\n", "import re\n\n__all__ = ['re']\n"),
    "in-all-by-and-by": (
        "import re\n__all__ = []\nif re:\n    __all__ += ['re']\nre\n",
        "import re\n__all__ = []\nif X:\n    __all__ += ['re']\n",
    ),
    "deleted": ("import re\nX = re\ndel re\n", "import re\nX = 1\ndel re\n"),
    "global-in-a-function": (
        "import re\n\n\ndef f():\n    global re\n    re = g(re)\n",
        "import re\n\n\ndef f():\n    global re\n    re = g()\n",
    ),
    "replaced": ("import re\nX = re\nre = 1\n", "import re\nX = 1\nre = 1\n"),
    "in-a-try": (
        "try:\n    import re\nexcept ImportError:\n    re = None\nX = re\n",
        "try:\n    import re\nexcept ImportError:\n    re = None\nX = 1\n",
    ),
    "below-a-condition": (
        "if X:\n    import re\nY = re\n",
        "if X:\n    import re\nY = 1\n",
    ),
    "twice-once-below-a-condition": (
        "import re\nif X:\n    import regex as re\nY = re\n",
        "import re\nif X:\n    import regex as re\nY = 1\n",
    ),
    "a-star": ("from nova.x import *\nX = re\n", "from nova.x import *\nX = 1\n"),
    "a-comment-above": (
        "# why\n\n# how\nimport re\nX = re\n",
        "# why\n\n# how\nimport re\nX = 1\n",
    ),
    "a-comment-on-top": ("# why\nimport re\nX = re\n", "# why\nimport re\nX = 1\n"),
    "a-comment-behind": ("import re  # noqa\nX = re\n", "import re  # noqa\nX = 1\n"),
    "a-comment-in-parentheses": (
        "from nova import (  # noqa\n    db)\nX = db\n",
        "from nova import (  # noqa\n    db)\nX = 1\n",
    ),
    "in-a-default": (
        "import re\n\n\ndef f(re=re):\n    return re\n\n\nre\n",
        "import re\n\n\ndef f(re=re):\n    return re\n",
    ),
    "in-a-decorator": (
        "import re\n\n\n@re.f\ndef f(re):\n    return re\n\n\nre\n",
        "import re\n\n\n@re.f\ndef f(re):\n    return re\n",
    ),
    "in-a-class-that-has-one": (
        "import re\n\n\nclass A(object):\n    re = re\n\n\nre\n",
        "import re\n\n\nclass A(object):\n    re = re\n",
    ),
    "in-a-function-of-a-class-that-has-one": (
        "import re\n\n\nclass A(object):\n    re = 1\n\n    def f(self):\n        return re\n\n\n"
        "re\n",
        "import re\n\n\nclass A(object):\n    re = 1\n\n    def f(self):\n        return re\n",
    ),
    "what-a-comprehension-goes-over": (
        "from nova import db\n\nX = db, [db.x for db in db]\n",
        "from nova import db\n\nX = [db.x for db in db]\n",
    ),
    "behind-a-comprehension-which-binds-in-python-2": (
        "from nova import db\n\n\ndef f(x):\n    return [db for db in x], db, db\n",
        "from nova import db\n\n\ndef f(x):\n    return [db for db in x], db\n",
    ),
    "spelled-for-python-3-like-another": (
        "import async\nprint 1\nX = async\n",
        "import async\nprint 1\nX = async\n",
    ),
    "within-a-function-still-used": (
        "def f():\n    import re\n    return re, re\n",
        "def f():\n    import re\n    return lambda: re\n",
    ),
    "within-a-function-never-used": (
        "def f():\n    import re\n    return 1\n\n\ndef g():\n    import re\n    return re\n",
        "def f():\n    import re\n    return 2\n\n\ndef g():\n    return 1\n",
    ),
    "within-a-function-in-a-try": (
        "def f():\n    try:\n        import re\n        re.f()\n    except ImportError:\n"
        "        pass\n",
        "def f():\n    try:\n        import re\n        f()\n    except ImportError:\n"
        "        pass\n",
    ),
    "within-a-function-alone-in-its-block": (
        "def f():\n    if f:\n        import re\n        re.f()\n",
        "def f():\n    if f:\n        import re\n",
    ),
    "within-a-function-in-one-line": (
        "def f(): import re; re.f()\n",
        "def f(): import re\n",
    ),
    "within-a-function-made-global": (
        "def f():\n    global re\n    import re\n    return re\n",
        "def f():\n    global re\n    import re\n    return 1\n",
    ),
    "within-a-class": (
        "class A(object):\n    import re\n    X = re\n",
        "class A(object):\n    import re\n    X = 1\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), KEPT.values(), ids=KEPT)
def test_an_import_that_may_be_wanted_stays(before, after):
    source = Source("nova/example.py", before.encode())
    assert without_unused(after.encode(), source).decode() == after


IS_IMPORT = re.compile("import |from ")
STANDARD = ["os", "re", "logging.handlers", "StringIO", "email.mime"]
OTHERS = ["six", "mock", "webob.exc", "oslo.config.cfg", "SQLAlchemy.orm"]
OWN = ["nova.db", "nova.utils", "nova.compute.api", "nova.openstack.common.log", "nova.Zebra"]
WANTED = [OBJECTS, COPY, SIX, "from nova.objects import base as obj_base", "import xml.dom"]
WANTED += ["from webob import dec", "from nova import context", "import ConfigParser"]

SPELLINGS = st.sampled_from(["{line}", "{line}  # noqa", "# about it\n{line}", "{line}; {line}"])
REST = ["", "\n\nclass A(object):\n    x = 1\n", "\nLOG = None\n", "\n# end\n", "X = 1\n"]
TOPS = [
    "",
    "# Licensed to all.\n\n",
    "# Licensed to all.\n",
    "# a\n",
    '"""What it is."""\n\n',
    "# a\n\n# b\n\n",
]


def line_of(dotted: str, is_from: bool) -> str:
    """An import of the name, in one of the two spellings."""
    module, _, name = dotted.rpartition(".")
    return f"from {module} import {name}" if module and is_from else f"import {dotted}"


@st.composite
def heads(draw: st.DrawFn) -> str:
    """A file whose imports are sorted, in up to three groups."""
    groups = []
    for names in (STANDARD, OTHERS, OWN):
        chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
        lines = [
            draw(SPELLINGS).format(line=line_of(dotted, draw(st.booleans())))
            for dotted in sorted(chosen, key=str.lower)
        ]
        groups += ["\n".join(lines) + "\n"] if lines else []
    text = draw(st.sampled_from(TOPS)) + "\n".join(groups) + draw(st.sampled_from(REST))
    return text if draw(st.booleans()) else text.rstrip("\n")


def imports(lines: Iterable[str]) -> set[Imported]:
    """What the lines import that are imports."""
    found = (ast.parse(line).body for line in lines if IS_IMPORT.match(line))
    return {one for body in found for statement in body for one in imports_of(statement)}


def ranks(text: str) -> list[tuple[int, str]]:
    """The places of the module's imports in nova's order, as they stand."""
    return [rank(one.dotted, "nova") for s in ast.parse(text).body for one in imports_of(s)]


def lines_with_text(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line for line in re.split("\r?\n", text) if line]


def gaps(text: str) -> int:
    """How many blank lines the widest gap in a file has, but for those above a definition."""
    return max((len(gap) - 1 for gap in re.findall(r"\n+(?![\n]|class)", text)), default=0)


@example("# Legal words.\nimport os", [COPY], "\n")
@given(heads(), st.lists(st.sampled_from(WANTED), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_sorted_imports_stay_sorted_and_all_else_stays(text, wanted, newline):
    after = added(text.replace("\n", newline), *wanted)
    if newline in text.replace("\n", newline):
        assert after.count("\n") == after.count(newline)
    after = after.replace("\r\n", "\n")
    assert ranks(after) == sorted(ranks(after))
    new = [line for line in lines_with_text(after) if line in wanted]
    rest = [line for line in lines_with_text(after) if line not in wanted]
    assert rest == [line for line in lines_with_text(text) if line not in wanted]
    assert imports({*wanted}) <= imports(after.split("\n"))
    assert gaps(after) <= max(gaps(text), 1)
    event(f"{len(set(new))} added")


def without(text: str, used: set[str]) -> list[str]:
    """The lines that stay when nothing uses some imports: all but those without a comment."""
    kept: list[str] = []
    comment: list[str] = []
    for line in text.split("\n"):
        is_own = bool(comment) and not (kept == comment and "Licensed" in comment[0])
        if line and (line not in used or is_own or "#" in line):
            kept.append(line)
        comment = [*comment, line] if line.startswith("#") else []
    return kept


@given(heads(), st.data(), st.sampled_from(["\n", "\r\n"]))
def test_what_goes_is_what_was_used_and_all_else_stays(text, data, newline):
    lines = [line for line in lines_with_text(text) if IS_IMPORT.match(line)]
    used = data.draw(st.sets(st.sampled_from(lines))) if lines else set()
    found = [imports_of(ast.parse(line).body[0])[0] for line in sorted(used)]
    uses = [one.local if one.bound == one.dotted else one.dotted for one in found]
    before = "\n".join([text, *uses, ""]).replace("\n", newline)
    after = cleaned(before, text.replace("\n", newline)).replace("\r\n", "\n")
    assert lines_with_text(after) == without(text, used)
    assert gaps(after) <= max(gaps(text), 1)
    event(f"{len(lines_with_text(text)) - len(lines_with_text(after))} gone")
