# SPDX-License-Identifier: Apache-2.0
"""Python-2-only syntax is parsed, and every position stays what it was."""

import ast
import json
import os
import re
import subprocess

import pytest
from python2_texts import ALL, respelled

from codemods.analysis.project import Module
from codemods.rewriting.verify import Unsound, verify_text
from codemods.syntax.names import names_of
from codemods.syntax.source import Source, Unparsed, parse

PYTHON27 = os.environ.get("NOVA_PYTHON27", "")

#: Python 2.7's own names and numbers; it takes the sign of a number for a part of it.
NAMES_AND_NUMBERS = """
import ast, json, sys
found = {}
for name, text in json.load(sys.stdin).items():
    nodes = list(ast.walk(ast.parse(text.encode('utf-8').replace('latin-1', 'utf-8'))))
    found[name] = [(n.id, n.lineno, n.col_offset) for n in nodes if isinstance(n, ast.Name)]
    found[name] += [(str(n.n), n.lineno, n.col_offset) for n in nodes
                    if isinstance(n, ast.Num) and isinstance(n.n, (int, long)) and n.n > 0]
json.dump(found, sys.stdout)
"""

SPELLINGS = {
    "except-comma": "try:\n    pass\nexcept (A, B), e:\n    pass\n",
    "except-comma-one": "try:\n    pass\nexcept A, e:\n    pass\n",
    "raise-two": "raise E, 'text, more'\n",
    "raise-three": "raise t[0], t[1], t[2]\n",
    "raise-in-lambda-call": "raise E(a, b), None, tb\n",
    "long": "x = [10L, 0xFFL, 0L]\n",
    "octal": "os.chmod(p, 0644)\nx = 0\n",
    "print": "print 'a, b' % (c, d)\n",
    "print-nothing": "print\n",
    "print-chevron": "print >>f, x\n",
    "print-after-colon": "if x: print y\n",
    "exec": "exec code in scope\n",
    "backquotes": "x = `y` + `z`\n",
    "unequal": "if a <> b:\n    pass\n",
    "raw-unicode": "x = ur'\\d'\n",
    "async-name": "def f(async=True):\n    return g(async=async)\n",
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_spelling_parses_with_every_byte_in_place(name):
    text = SPELLINGS[name].encode()
    new = respelled(text)
    assert len(new) == len(text)
    ast.parse(new)


@pytest.mark.parametrize(
    "text",
    [
        "x = 'except A, e:'\n",
        "# raise E, v\n",
        "x = {'print': 1}\nprint(x)\nprint = 3\n",
        "f(print=1)\n",
        '"""`doc`, 10L <> 3"""\n',
        "x = 0.5\ny = 1e10\nz = 0x1F\n",
    ],
)
def test_python3_text_is_left_as_it_is(text):
    assert respelled(text.encode()) == text.encode()


every_text = pytest.mark.parametrize("name", ALL)


@every_text
def test_spelling_moves_no_byte_and_no_line(name):
    text = ALL[name].encode()
    new = respelled(text)
    assert len(new) == len(text)
    assert re.sub(rb"[^\r\n]", b" ", new) == re.sub(rb"[^\r\n]", b" ", text)
    assert respelled(new) == new


def text_at(source: Source, node: ast.AST) -> str:
    """What stands in the source where the node says it does."""
    return source.slice(
        source.offset(node.lineno, node.col_offset),
        source.offset(node.end_lineno, node.end_col_offset),
    )


@every_text
def test_every_name_and_number_stands_where_its_node_says(name):
    source = Source("a.py", ALL[name].encode(), "utf-8")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.arg) and node.arg.startswith("."):
            assert re.fullmatch(r"\(.*\)", text_at(source, node), re.S)
        elif isinstance(node, ast.arg):
            assert text_at(source, node) == node.arg
        elif isinstance(node, ast.Name) and not node.id.startswith("."):
            # of a pair of backquotes, the first stands for the function
            assert text_at(source, node) == node.id.replace("repr", "`")
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            assert text_at(source, node) == str(node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            # the index of an item stands where the item's name does
            assert re.fullmatch(r"[0-9][0-9a-fxo]*[lL]?|[a-e]", text_at(source, node), re.I)


@every_text
def test_what_holds_a_node_reaches_as_far_as_the_node(name):
    source = Source("a.py", ALL[name].encode(), "utf-8")
    for outer in ast.walk(source.tree):
        if isinstance(outer, ast.expr | ast.stmt | ast.excepthandler):
            for inner in ast.iter_child_nodes(outer):
                if isinstance(inner, ast.expr | ast.stmt):
                    assert source.start(outer) <= source.start(inner)
                    assert source.end(inner) <= source.end(outer)


@pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")
def test_names_and_numbers_are_where_python27_has_them():
    done = subprocess.run(
        [PYTHON27, "-c", NAMES_AND_NUMBERS],
        input=json.dumps(ALL),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = json.loads(done.stdout)
    for name, text in ALL.items():
        found = set()
        # a handler has no place for a node that is a name
        handled = {"None"}
        for node in ast.walk(parse(text.encode())):
            what = getattr(node, "id", None) or getattr(node, "arg", None)
            if isinstance(node, ast.Constant) and type(node.value) in (bool, int):
                what = str(node.value)
            elif isinstance(node, ast.ExceptHandler):
                handled.add(node.name)
            if what is not None:
                found.add((what, node.lineno, node.col_offset))
        missing = {tuple(one) for one in expected[name]} - found
        assert {one for one in missing if one[0] not in handled} == set(), name


NUMBERS = {
    "10L": 10,
    "0xFFl": 255,
    "0777": 511,
    "0777L": 511,
    "00": 0,
    "0L": 0,
    "0b11L": 3,
    "0o17l": 15,
    "7L.real": 7,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_has_its_value(text):
    tree = parse(f"print {text}\n".encode())
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert constants == [NUMBERS[text]]


STRINGS = {
    r"'C:\users'": r"C:\users",
    r"'\N' '\x41'": r"\NA",
    r"'\\N'": r"\N",
    r"u'\u0041'": "A",
    r"ur'\u0041\d'": r"A\d",
    r"ur'\\u0041'": r"\\u0041",
    r"UR'\U00000041'": "A",
    r"'a' b'\x62' br'\c'": r"ab\c",
    r"b'\x62' br'\c'": rb"b\c",
    "b'\u00e9' br'\u00e9'": "\u00e9\u00e9".encode(),
    "'''a\r\n\\N'''": "a\n\\N",
    "ur'''a\r\nb'''": "a\nb",
}


@pytest.mark.parametrize("text", STRINGS)
def test_a_string_has_its_value(text):
    (printed,) = parse(f"print {text}\n".encode()).body
    assert printed.value.elts[1].value == STRINGS[text]


def test_with_unicode_literals_an_escape_is_one():
    tree = parse(b"from __future__ import unicode_literals\nx = '\\u0041'; print x\n")
    assert tree.body[1].value.value == "A"


SHAPES = {
    "print x, y,": "(print, x, y)",
    "print >>f, x": "(print >> f, x)",
    "print >>not f, x": "(print, not f, x)",
    "print (x)['y'] % z": "(print, x['y'] % z)",
    "print [x]": "(print, [x])",
    "print -x": "(print, -x)",
    "print (x)": "print(x)",
    "print": "print",
    "exec x in y, z": "(exec, x, y, z)",
    "exec (x, y)": "exec(x, y)",
    "raise E, not v, tb": "raise (E, not v, tb)",
    "raise E, (lambda (a, b): a), [c for c in 1L, 2]": (
        "raise (E, lambda .0, *, a=.0[0], b=.0[1]: a, [c for c in (1, 2)])"
    ),
    "x = `y, 1` + ``z``": "x = repr((y, 1)) + repr(repr(z))",
    "[x for x in 1, 2, if x]": "[x for x in (1, 2) if x]",
    "[x for x in y if lambda: x]": "[x for x in y if (lambda: x)]",
    "a <> b": "a != b",
    "True = await(async)": "True = await(async)",
    "x = await (y)": "x = await(y)",
    "lambda (a): a": "lambda a: a",
    "lambda a, (b, (c,)), *d: b": "lambda a, .1, *d, b=.1[0], c=.1[1][0]: b",
    "global True": "global True",
}


@pytest.mark.parametrize("text", SHAPES)
def test_the_tree_says_what_python_2_means(text):
    assert ast.unparse(parse(f"{text}\n".encode())) == SHAPES[text]


@pytest.mark.parametrize(
    ("clause", "name", "caught"),
    [
        ("except ValueError, error", "error", "ValueError"),
        ("except (A, B), error", "error", "(A, B)"),
        ("except A or B, error", "error", "A or B"),
        ("except A as error", "error", "A"),
        ("except A, True", "True", "A"),
        ("except A, (a, self.b)", None, "A, (a, self.b)"),
        ("except A as (a, self.b)", None, "A as (a, self.b)"),
    ],
)
def test_a_handler_keeps_what_it_catches_and_binds(clause, name, caught):
    source = Source("a.py", f"try:\n    x\n{clause}:\n    y\n".encode())
    handler = source.tree.body[0].handlers[0]
    assert handler.name == name
    assert source.of(handler.type) == caught


def test_what_a_handler_and_a_tuple_among_parameters_bind_is_bound():
    text = (
        b"def f(self, (a, (b, c))=x, d=1):\n    return a, b, c, lambda (e, g): e + g\n"
        b"try: pass\nexcept A, (h, i): print h, i\n"
    )
    source = Source("a.py", text)
    names = names_of(source)
    assert names.bound >= {"a", "b", "c", "d", "e", "g", "h", "i"}
    assert names.read - names.bound == {"A", "x", "print"}
    function = Module("a", source).all_functions[0]
    assert function.local_names >= {"self", "a", "b", "c", "d"}
    assert verify_text(source, text + b"f(1, 2)\n").text.endswith(b"f(1, 2)\n")
    with pytest.raises(Unsound, match="nothing binds: z"):
        verify_text(source, text.replace(b"e + g", b"e + z"))


def test_the_lines_of_mixed_tabs_keep_their_columns():
    text = b"if x:\n        a = 1\n\tb = [1,\n  2]\n\tif y:\n\t    c\n            d\n"
    source = Source("a.py", text)
    places = {n.id: (n.lineno, n.col_offset) for n in ast.walk(source.tree) if hasattr(n, "id")}
    assert places == {
        "x": (1, 3), "a": (2, 8), "b": (3, 1), "y": (5, 4), "c": (6, 5), "d": (7, 12)
    }  # fmt: skip
    assert ast.unparse(source.tree).endswith("    if y:\n        c\n        d")


def test_an_unmatched_indentation_is_refused_with_its_line():
    with pytest.raises(Unparsed, match="line 4: unindent"):
        Source("a.py", b"print x\nif x:\n        a\n    b\n")


def test_text_that_is_neither_python_is_refused_with_its_line():
    with pytest.raises(Unparsed, match="line 2"):
        Source("a.py", b"x = 1\nif if if\n")


def test_deep_nesting_is_refused_not_a_crash():
    with pytest.raises(Unparsed, match=r"deep|nested"):
        Source("a.py", b"x = " + b"(" * 100000 + b")" * 100000 + b"\n")


def test_a_declared_encoding_survives_the_round_trip():
    data = "# -*- coding: latin-1 -*-\nx = 'é'\ny = x\n".encode("latin-1")
    source = Source("a.py", data)
    assert source.encoding == "iso-8859-1"
    assert source.of(source.tree.body[1].value) == "x"


def test_bytes_that_are_not_in_the_declared_encoding_are_refused():
    with pytest.raises(Unparsed, match="encoding"):
        Source("a.py", b"x = '\xff'\n")
