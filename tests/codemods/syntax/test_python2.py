"""Python-2-only syntax is parsed, and every position stays what it was."""

import ast

import pytest

from codemods.syntax.python2 import spell_for_python3
from codemods.syntax.source import Source, Unparsed

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
    spelled = spell_for_python3(text)
    assert len(spelled) == len(text)
    ast.parse(spelled)


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
    assert spell_for_python3(text.encode()) == text.encode()


def test_a_handler_keeps_the_name_it_binds():
    source = Source("a.py", b"try:\n    x\nexcept ValueError, error:\n    error\n")
    handler = source.tree.body[0].handlers[0]
    assert handler.name == "error"
    assert source.of(handler.type) == "ValueError"


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
