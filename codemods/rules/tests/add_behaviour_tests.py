# SPDX-License-Identifier: Apache-2.0
"""Add unit tests for what the rewritten code does that it did not do before.

No existing test covers a new handler of an exception that an object raises, a new
guard around a query, or a new object that stands for a row. The new test is added
after an existing one, in a class whose fixtures it uses; if the class lacks one of
them, no test is added.
"""

import ast
import builtins
import functools
import re
from collections.abc import Iterator

import libcst as cst

from codemods.analysis.named import exists
from codemods.mappings import NewTest, new_tests
from codemods.model import Edit, Item, Step
from codemods.rewriting.adding import set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import expression, statements, string
from codemods.rules.example_sources import REPORTING_DRIVER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/servicegroup/drivers/db.py", REPORTING_DRIVER),)

_BEFORE = """\
from nova.servicegroup.drivers import db
from nova import test


class DBServiceGroupTestCase(test.TestCase):
    def setUp(self):
        super(DBServiceGroupTestCase, self).setUp()
        self.servicegroup_api = db.DbDriver()
        self._host, self._binary, self._topic = 'foo', 'nova-fake', 'fake'
"""

EXAMPLES = (
    Example(
        f"""\
{_BEFORE}
    def test_DB_driver(self):
        serv = self.useFixture(ServiceFixture(self._host))
        self.assertTrue(serv)


class ServiceFixture(object):
    pass
""",
        f"""\
from nova import objects
{_BEFORE}
    def test_DB_driver(self):
        serv = self.useFixture(ServiceFixture(self._host))
        self.assertTrue(serv)

    def test_report_state(self):
        serv = self.useFixture(
            ServiceFixture(self._host, self._binary, self._topic)).serv
        serv.start()
        saved = []

        def fake_save(row, context=None):
            saved.append(
                (row.id, list(row.obj_what_changed()), row.report_count))

        self.stubs.Set(objects.Service, 'save', fake_save)
        self.servicegroup_api._driver._report_state(serv)
        self.servicegroup_api._driver._report_state(serv)
        self.assertEqual(
            [(serv.service_id, ['report_count'], 1),
             (serv.service_id, ['report_count'], 2)],
            saved)


class ServiceFixture(object):
    pass
""",
        path="nova/tests/servicegroup/test_db_servicegroup.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        f"""\
{_BEFORE}
    def test_DB_driver(self):
        self.assertTrue(self.servicegroup_api)
""",
        path="nova/tests/servicegroup/test_db_servicegroup.py",
        beside=_BESIDE,
    ),
)

#: What every test case has, by itself or from the test framework.
_COMMON = re.compile(r"assert\w+|stubs|mox|flags|useFixture|addCleanup|context")


class AddBehaviourTests(TestRule):
    """See the module."""

    NEEDLES = tuple({f"def {one.names[1]}(".encode(): None for one in new_tests()})

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether new tests belong in the file."""
        return super().applies(file) and any(cls._belongs(file, one) for one in new_tests())

    @classmethod
    def _belongs(cls, file: File, new: NewTest) -> bool:
        return file.module.dotted == f"{file.tree.tests}.{new.file}"

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        """A test, followed by the new ones."""
        behind: list[cst.BaseStatement] = []
        for new in new_tests():
            edit = self._asked_for(original, new)
            if edit is not None:
                test = self._made(new, edit.item)
                step = Step(edit.path, edit.line, "does what the test is for")
                self.edited(original, cst.FlattenSentinel(test), edit.item, (step,))
                behind += set_off(test)
        return cst.FlattenSentinel([updated, *behind]) if behind else updated

    def _asked_for(self, original: cst.FunctionDef, new: NewTest) -> Edit | None:
        """The edit that a new test after this one is for; None if there is none."""
        place = f"{self.file.module.dotted}.{new.behind}"
        if original.name.value != new.names[1] or not self._belongs(self.file, new):
            return None
        if self.test_around(original) != place or any(self._missing(new)):
            return None
        code, became = f"{self.file.tree.package}.{new.code}", self.file.became
        if new.unless and became.edit_of(code, Effect[new.unless.upper()]) is not None:
            return None
        return became.edit_of(code, Effect[new.does.upper()])

    def _missing(self, new: NewTest) -> Iterator[str]:
        """The names that the test needs and the file lacks, and its own if it exists already."""
        text = self.file.module.source.text.decode("utf-8", "replace")
        name, owned, free = _names_of(new.text)
        if f"def {name}(" in text:
            yield name
        if not re.search(new.fixture, text):
            yield new.fixture
        yield from (one for one in owned if not re.search(rf"\b(def {one}\(|self\.{one}\b)", text))
        yield from (one for one in free if not re.search(rf"^((class|def) )?{one}\b", text, re.M))
        for module, inside in new.imports:
            package = self._package(inside)
            local = self._local(module, package)
            dotted = self.file.module.imports.get(local or "", f"{package}.{module}")
            named = ["", *re.findall(rf"\{{{module}\}}\.(\w+)", new.text)]
            is_own = inside != "-" and dotted.startswith(f"{self.file.tree.package}.")
            if is_own and not all(exists(self.file.tree, dotted, one) for one in named):
                yield module

    def _package(self, inside: str) -> str:
        return ".".join(filter(None, (self.file.tree.package, inside)))

    def _local(self, module: str, package: str) -> str | None:
        """The file's name for a module, wherever later releases have it."""
        imports = self.file.module.imports
        for local, dotted in imports.items():
            if dotted == f"{package}.{module}":
                return local
        return module if imports.get(module, "").endswith(f".{module}") else None

    def _made(self, new: NewTest, item: Item) -> list[cst.BaseStatement]:
        """The test, with the imports that it needs."""
        names: dict[str, cst.BaseExpression] = {}
        for module, inside in new.imports:
            package = self._package(inside)
            names[module] = cst.Name(self._local(module, package) or module)
            if inside == "-":
                self.wants_import(f"import {module}", item)
            elif self._local(module, package) is None:
                self.wants_import(f"from {package} import {module}", item)
        for name in re.findall(r"\{([A-Z]\w+)\}", new.text):
            spelled, needed = self.file.tree.spelling(name)
            self.wants_import(needed, item)
            names[name] = expression(spelled)
        unregistered = map(string, self.file.unregistered)
        names["unregistered"] = cst.Tuple([cst.Element(one) for one in unregistered])
        text = new.text.lstrip().replace("{tests}", self.file.tree.tests)
        used = {name: node for name, node in names.items() if f"{{{name}}}" in text}
        return statements(text, **used)


@functools.cache
def _names_of(text: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """A test's name, what it uses of `self`, and the names that its file has to have."""
    tree = ast.parse(re.sub(r"\{(\w+)\}", r"\1", text))
    (test,) = tree.body
    assert isinstance(test, ast.FunctionDef)
    given = set(re.findall(r"\{(\w+)\}", text)) | set(dir(builtins)) | {"mock", "datetime"}
    owned, read = set[str](), set[str]()
    for node in ast.walk(test):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "self" and not _COMMON.fullmatch(node.attr):
                owned.add(node.attr)
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, ast.FunctionDef):
            given.add(node.name)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
    return test.name, frozenset(owned), frozenset(read - given)
