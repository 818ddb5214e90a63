# SPDX-License-Identifier: Apache-2.0
"""Every byte of Python 2 survives libcst, also when something beside it is changed."""

import ast
import os
import pathlib
import subprocess
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper
from python2_texts import ALL, STATEMENTS, function

from codemods.rewriting import python2_nodes as nodes
from codemods.rewriting.python2 import parse_module
from codemods.syntax.source import Unparsed, parse

PYTHON27 = os.environ.get("NOVA_PYTHON27", "")
needs_python27 = pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")

every_text = pytest.mark.parametrize("name", ALL)


class Renamed(cst.CSTTransformer):
    """Calls `renamed` where `other` was called."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if m.matches(updated_node.func, m.Name("other")):
            return updated_node.with_changes(func=cst.Name("renamed"))
        return updated_node


class Nothing(cst.CSTTransformer):
    """Visits all and changes nothing."""


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all nodes in it."""
    yield node
    for child in node.children:
        yield from below(child)


def first(text: str, kind: type[cst.CSTNode]) -> cst.CSTNode:
    """The first node of a class in a text."""
    return next(node for node in below(parse_module(text.encode())) if isinstance(node, kind))


@every_text
def test_every_byte_is_printed(name):
    text = ALL[name].encode()
    assert parse_module(text).bytes == text


@every_text
def test_spans_are_offsets_into_the_text(name):
    text = ALL[name].encode()
    module = parse_module(text)
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    leaves = 0
    for node, span in spans.items():
        value = getattr(node, "value", None)
        if isinstance(value, str) and not isinstance(node, nodes.Unseen):
            leaves += 1
            assert text[span.start : span.start + span.length].decode() == value
    assert bool(text.strip()) == bool(leaves)


@every_text
def test_a_visitor_that_changes_nothing_changes_nothing(name):
    module = parse_module(ALL[name].encode())
    visited = module.visit(Nothing())
    assert visited.visit(Nothing()).code == ALL[name]
    assert visited.deep_equals(module)
    for before, after in zip(below(module), below(visited), strict=True):
        assert type(before) is type(after)


@every_text
def test_a_copy_prints_the_same(name):
    module = parse_module(ALL[name].encode())
    copy = module.deep_clone()
    assert copy.code == ALL[name]
    assert copy.deep_equals(module)
    assert all(node.with_changes().deep_equals(node) for node in below(module))
    assert {type(node) for node in below(copy)} == {type(node) for node in below(module)}


@every_text
def test_an_edit_beside_it_leaves_it_as_it_was(name):
    edited = parse_module(ALL[name].encode()).visit(Renamed())
    assert edited.code == ALL[name].replace("other(", "renamed(")


@every_text
def test_an_edit_after_other_visits_leaves_it_as_it_was(name):
    module = parse_module(ALL[name].encode()).visit(Nothing()).deep_clone()
    assert module.visit(Renamed()).code == ALL[name].replace("other(", "renamed(")


@every_text
def test_the_default_indentation_is_what_was_asked_for(name):
    for indent in ("    ", "  ", "\t"):
        module = parse_module(ALL[name].encode(), indent)
        assert module.default_indent == indent
        assert module.code == ALL[name]


@needs_python27
def test_python27_compiles_what_was_edited(tmp_path):
    for name, text in ALL.items():
        edited = parse_module(text.encode()).visit(Renamed())
        # what was declared is no longer so
        data = edited.bytes.replace(b"latin-1", b"utf-8")
        head = b"" if data.startswith(b"# -*-") else b"# coding: utf-8\n"
        (tmp_path / f"{name}.py").write_bytes(head + data)
    script = "import sys\nfor n in sys.argv[1:]: compile(open(n, 'rU').read(), n, 'exec')"
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([PYTHON27, "-c", script, *files], capture_output=True, text=True)
    assert done.stderr == ""
    assert len(files) == len(ALL)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(STATEMENTS)), max_size=6))
def test_constructs_stand_side_by_side(names: list[str]):
    text = function("".join(STATEMENTS[name] for name in names))
    module = parse_module(text.encode())
    assert module.code == text
    assert module.visit(Renamed()).code == text.replace("other(", "renamed(")


# what the nodes are


def test_visitors_and_matchers_see_literals_as_what_they_are():
    module = parse_module(b"x = 10L + 0777, 'a' '\\N', ur'\\u0041'\n")
    numbers = m.findall(module, m.Integer())
    assert [node.evaluated_value for node in numbers] == [10, 511]
    strings = m.findall(module, m.SimpleString())
    assert [node.evaluated_value for node in strings] == ["a", "\\N", "A"]
    assert [node.raw_value for node in strings] == ["a", "\\N", "\\u0041"]


def test_a_string_of_bytes_beside_text_has_its_value():
    (whole,) = m.findall(parse_module(b"x = 'a' b'\\x62' br'\\c'\n"), m.Assign())
    assert whole.value.right.right.value == "br'\\c'"
    assert whole.value.left.evaluated_value == "a"
    assert whole.value.right.left.evaluated_value == b"b"


def test_a_handler_has_its_name():
    handler = first("try: x\nexcept (A, B), e: y\n", cst.ExceptHandler)
    assert m.matches(handler, m.ExceptHandler(type=m.Tuple(), name=m.AsName(m.Name("e"))))


def test_a_handler_that_unpacks_has_a_tuple_for_a_name():
    handler = first("try: x\nexcept A, (e, f): y\n", cst.ExceptHandler)
    assert m.matches(handler.name, m.AsName(m.Tuple()))
    assert handler.with_changes(type=cst.Name("B")).type.value == "B"


def test_a_raise_has_all_of_its_operands():
    raised = first("raise E, v, tb\n", cst.Raise)
    assert [element.value.value for element in raised.exc.elements] == ["E", "v", "tb"]


def test_a_bare_tuple_in_a_comprehension_is_a_tuple():
    looped = first("[x for x in 1, 2]\n", cst.CompFor)
    assert m.matches(looped.iter, m.Tuple(lpar=[]))


def test_print_is_a_tuple_that_starts_with_its_name():
    printed = first("print (x), y\n", cst.Tuple)
    assert [cst.Module([]).code_for_node(one.value) for one in printed.elements] == [
        "print",
        "(x)",
        "y",
    ]


def test_backquotes_are_no_list_and_stay_when_what_they_hold_is_replaced():
    class Other(cst.CSTTransformer):
        def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.CSTNode:
            return cst.parse_expression("f(z)") if original_node.value == "y" else updated_node

    module = parse_module(b"x = `y`\n")
    assert not m.findall(module, m.List())
    assert module.visit(Other()).code == "x = `f(z)`\n"


def test_a_tuple_parameter_is_no_name():
    module = parse_module(b"def f((a, b)): return a\n")
    assert [node.value for node in m.findall(module, m.Name())] == ["f", "a"]
    parameter = module.body[0].params.params[0].name
    assert isinstance(parameter, nodes.TupleParameter)
    assert parameter.value == "(a, b)"


def test_unequal_is_libcst_s_own():
    assert first("a <> b\n", cst.NotEqual).value == "<>"


def test_python_3_has_libcst_s_own_nodes():
    text = "async def f(x: int = 1_0, /, *, y=f'{x!r}'):\n    await (x)\n    print(x, file=y)\n"
    module = parse_module(text.encode())
    assert module.deep_equals(cst.parse_module(text))


# indentation

MIXED = b"if x:\n        a\n\tif y:\n\t    b\n            c\n\td\n"


class Inserted(cst.CSTTransformer):
    """Puts a statement before each that is a name."""

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.FlattenSentinel[cst.SimpleStatementLine]:
        new = cst.parse_statement("new()")
        return cst.FlattenSentinel([new, updated_node])


def statements(text: bytes) -> str:
    """What a text means, whatever its indentation."""
    return ast.unparse(parse(text))


def test_a_new_statement_goes_into_the_block_that_it_is_put_in():
    after = parse_module(MIXED).visit(Inserted())
    for line in MIXED.splitlines(keepends=True):
        assert line in after.bytes
    expected = parse_module(ast.unparse(parse(MIXED)).encode()).visit(Inserted())
    assert statements(after.bytes) == statements(expected.bytes)


def test_what_is_moved_is_indented_as_what_is_there():
    module = parse_module(MIXED)
    block = module.body[0].body
    deeper = cst.If(cst.Name("z"), cst.IndentedBlock(block.body))
    moved = module.with_changes(body=[cst.If(cst.Name("x"), cst.IndentedBlock([deeper]))])
    assert statements(moved.bytes) == (
        "if x:\n    if z:\n        a\n        if y:\n            b\n            c\n        d"
    )


def test_comments_stay_with_the_block_that_they_are_indented_as():
    text = b"if x:\n\ta\n        # of a\n        b\n# of c\nc\n"
    module = parse_module(text)
    second = module.body[0].body.body[1]
    assert [line.comment.value for line in second.leading_lines] == ["# of a"]
    assert [line.comment.value for line in module.body[1].leading_lines] == ["# of c"]
    assert module.bytes == text


# what libcst loses

LOST = {
    "a-blank-before-a-colon": "try:\n    a\nexcept A :\n    b\nexcept (B) \t:\n    c\n",
    "comments-at-the-end": "def f():\n    a\n  # b\n \n# c\n",
    "a-carriage-return-at-the-end": "a = 1\r",
    "a-form-feed": "\x0ca\n",
    "a-backslash": "if a:\n    b\n    \\\n  c\n",
    "no-blank-before-a-parenthesis": "def f():\n    return(a if b else c)\n",
    "no-blank-before-a-lambda": "a = not(lambda: b)(c)\n",
    "no-blank-before-a-number": "a = not.5\n",
}


@pytest.mark.parametrize("name", LOST)
def test_what_libcst_loses_or_refuses_of_python_3_is_mended(name):
    text = LOST[name]
    ast.parse(text)
    module = parse_module(text.encode())
    assert module.code == text
    assert module.visit(Nothing()).code == text
    with pytest.raises((AssertionError, SyntaxError, TypeError)):
        assert cst.parse_module(text).code == text


# what is refused

REFUSED = {
    "no-python": ("x = 1\nif if if\n", "line 2: invalid syntax"),
    "within-an-operand": ("x = 1\nraise E, (a,\n  b +)\n", "line 3: invalid syntax"),
    "string-not-closed": ("x = 1\nprint 'y\n", "line 2: .*string"),
    "octal-with-an-eight": ("x = 0\nprint 08\n", "line 2: .*zeros"),
    "raise-with-nothing-behind": ("x = 0\nraise E,\n", "line 2: invalid syntax"),
    "raise-with-four": ("raise E, v, tb, more\n", "line 1: invalid syntax"),
    "no-outer-indentation": ("if x:\n        a\n    b\n", "line 3: unindent"),
    "no-utf-8": (b"x = 1\ny = '\xff'\n", "line 2: not UTF-8"),
    "a-keyword-in-parentheses": ("f((a)=1)\n", "line 1: "),
    "dots-with-blanks": ("x[. . .]\n", "line 1: invalid syntax"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_parsed_is_refused_with_its_line(name):
    text, reason = REFUSED[name]
    with pytest.raises(Unparsed, match=reason):
        parse_module(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("bracket", ["()", "[]", "{}"])
def test_deep_nesting_is_refused_not_a_crash(bracket):
    text = f"x = {bracket[0] * 100000}{bracket[1] * 100000}\n"
    with pytest.raises(Unparsed, match="deep"):
        parse_module(text.encode())


def test_a_long_chain_is_refused_not_a_crash():
    with pytest.raises(Unparsed, match="deep"):
        parse_module(f"x = {' + '.join(['1L'] * 1000)}\n".encode())


def test_brackets_in_strings_are_no_nesting():
    text = f"x = {'[' * 300!r}\n".encode()
    assert parse_module(text).bytes == text


# a whole file of Python 2's own


class EachFunction(cst.CSTTransformer):
    """Renames a local variable of every function; where that may be seen, adds a statement."""

    def __init__(self) -> None:
        super().__init__()
        self.renamed = 0
        self.added = 0

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        name = renamable(original_node)
        if name is not None:
            self.renamed += 1
            changed = updated_node.visit(Underscore(name))
            assert isinstance(changed, cst.FunctionDef)
            return changed
        self.added += 1
        body = updated_node.body
        new: cst.CSTNode = cst.Pass()
        if isinstance(body, cst.IndentedBlock):
            new = cst.SimpleStatementLine([new])
        return updated_node.with_changes(body=body.with_changes(body=[*body.body, new]))


class Underscore(cst.CSTTransformer):
    """Renames a variable to itself plus an underscore; no attribute, no keyword."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._kept = node.attr

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        if updated_node.value == self._name:
            return updated_node.with_changes(value=f"{self._name}_")
        return updated_node

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)


def renamable(node: cst.FunctionDef) -> str | None:
    """A variable that nobody else can see: no inner scope, no text that is evaluated."""
    inner = m.FunctionDef() | m.ClassDef() | m.Lambda() | m.Global()
    hidden = m.Name("exec") | m.Name("eval") | m.Name("locals") | m.Name("vars") | m.Import()
    if any(m.findall(part, inner | hidden) for part in (node.body, node.params)):
        return None
    found = m.findall(node.body, m.AssignTarget(m.Name()))
    return next((target.target.value for target in found), None)


@needs_python27
@pytest.mark.parametrize("name", ["test_grammar", "test_exceptions", "test_long", "test_repr"])
def test_python27_s_own_tests_pass_when_every_function_is_edited(name, tmp_path):
    where = "import test, os; print(os.path.dirname(test.__file__))"
    ran = subprocess.run([PYTHON27, "-c", where], capture_output=True, text=True, check=True)
    path = pathlib.Path(ran.stdout.strip()) / f"{name}.py"
    if not path.exists():
        pytest.skip("NOVA_PYTHON27 has no tests of its own")
    visitor = EachFunction()
    edited = parse_module(path.read_bytes()).visit(visitor)
    assert visitor.renamed
    assert visitor.added
    changed = tmp_path / f"{name}.py"
    changed.write_bytes(edited.bytes)
    done = subprocess.run(
        [PYTHON27, str(changed)], capture_output=True, text=True, cwd=tmp_path, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "OK" in done.stderr + done.stdout
