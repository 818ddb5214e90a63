# SPDX-License-Identifier: Apache-2.0
r"""Texts with what only Python 2 has, or what Python 2 and 3 read differently.

Every statement and text is one of Python 2.7; `other(` stands only in calls that
have nothing to do with the construct.
"""

import textwrap

from codemods.syntax.python2 import spelling


def respelled(text: bytes) -> bytes:
    """The text with what only Python 2 has replaced by as many bytes of Python 3."""
    return spelling(text).piece(0, len(text))[0]


#: Statements for the body of a function.
STATEMENTS = {
    "long": "x = 10L + 0xFFl + 0L\n",
    "long-binary": "x = 0b11L, 0o17l\n",
    "long-octal": "x = 0777L\n",
    "long-attribute": "x = 7L.real + 0777l.real\n",
    "long-before-a-word": "x = 10Lif y else 0L\n",
    "octal": "os.chmod(path, 0644)\n",
    "octal-zero": "x = 00 + 0 + 0777.5 + 0777e1\n",
    "raw-unicode": "x = ur'\\d' + UR\"\\d\" + Ur'''a\nb'''\n",
    "raw-unicode-escape": "x = ur'\\u1234\\\\u1234'\n",
    "escapes-of-text": "x = 'C:\\users', '\\N', \"\\U12\", '\\\\N'\n",
    "escape-in-three-quotes": "x = '''a\n\\N\n''' + y\n",
    "escape-beside-text": "x = 'a' '\\N' u'\\N{DIGIT ONE}'\n",
    "bytes-beside-text": "x = 'a' b'c' br'\\d'\n",
    "bytes-not-ascii": "x = b'\u00e9', br'\u00e9'\n",
    "print": "print x\n",
    "print-nothing": "print\n",
    "print-nothing-more": "print; x\n",
    "print-trailing-comma": "print 'x' % y,\n",
    "print-touching": "print'x', y\n",
    "print-arrow": "print >>f, x\n",
    "print-arrow-nothing": "print >>f\n",
    "print-arrow-trailing": "print >>f, x % y,\n",
    "print-arrow-not": "print >> not f, x\n",
    "print-arrow-lambda": "print>>lambda: f, x\n",
    "print-parentheses": "print (x)\n",
    "print-parentheses-more": "print (x), y\n",
    "print-parentheses-operator": "print (x)['y'] % z\n",
    "print-list": "print [x, y], z\n",
    "print-minus": "print -x\n",
    "print-dict": "print {x: y}\n",
    "print-yield": "print (yield)\n",
    "print-continued": "print \\\n    x, \\\n    y\n",
    "print-after-colon": "if x: print y; print z\nelse: print\n",
    "exec": "exec x\n",
    "exec-in": "exec x in y\n",
    "exec-in-two": "exec x in y, z\n",
    "exec-in-not": "exec 'x'in not y\n",
    "exec-parentheses": "exec(x)in y\n",
    "exec-call": "exec (x, y)\n",
    "except": "try:\n    x\nexcept A, e:\n    y\n",
    "except-tuple": "try:\n    x\nexcept (A, B), e:\n    y\n",
    "except-touching": "try:\n    x\nexcept(A, B),e :\n    y\n",
    "except-low-precedence": "try:\n    x\nexcept A or B, e:\n    y\n",
    "except-unpacked": "try:\n    x\nexcept A, (e, (f, g)):\n    y\n",
    "except-attribute": "try:\n    x\nexcept A, e.x[0]:\n    y\n",
    "except-as-unpacked": "try:\n    x\nexcept A as (e, f):\n    y\n",
    "except-long": "try:\n    x\nexcept a.b(10L,\n           `c`), e:\n    y\n",
    "except-body": "try: x\nexcept A, e: raise B, e\n",
    "raise": "raise E, v\n",
    "raise-three": "raise E, v, tb\n",
    "raise-call": "raise E(a, b), None, tb\n",
    "raise-not": "raise E, not v\n",
    "raise-lambda": "raise E, lambda a, b: a, tb\n",
    "raise-touching": "raise(E), v\n",
    "raise-several-lines": "raise E, ('a'\n          % b), [tb,\n    # c\n         10L]\n",
    "raise-continued": "raise E, \\\n    v\n",
    "unequal": "if a <> b <> c:\n    x\n",
    "backquotes": "x = `y` + `z`\n",
    "backquotes-nested": "x = ``y`` + `1 + `z``\n",
    "backquotes-several": "x = `y, z`.a\n",
    "backquotes-touching": "x = not`y`if`z`else`w`\n",
    "lambda": "x = lambda (a, b): a\n",
    "lambda-touching": "x = lambda(a, b): a\n",
    "lambda-default": "f(lambda a, (b, (c, d))=(1, 2), *e: b)\n",
    "lambda-several-lines": "x = lambda (a,\n\n            b), c=0777: b\n",
    "parameters": "def f(self, (a, b)=(1, 2), (c, (d, e))=x, *g): pass\n",
    "parameters-one": "def f((a), (b,)): pass\n",
    "parameters-several-lines": "def f((a,  # c\n       b), c): pass\n",
    "list-of-bare-tuple": "x = [y for y in 1, 2, 3]\n",
    "list-of-bare-tuple-trailing": "x = [y for y in 1, not 2, if y for z in 3, 4]\n",
    "list-of-bare-tuple-touching": "x = [y for y in(1), 2if y]\n",
    "list-of-bare-tuple-lines": "x = [y for y in 1,\n     2]\n",
    "list-of-lambdas": "x = [y() for y in lambda: True, lambda: False if y()]\n",
    "list-if-lambda": "x = [y for y in z if lambda: y]\n",
    "all-nested": "raise `[lambda (a, b): 0777 for c in 1L, [d for d in ur'', 2]]`, (\n    `a`)\n",
    "async": "async = f(await=await.async)\n",
    "await-called": "x = await (y)\n",
    "async-parameter": "def async(await, nonlocal=1): return await(nonlocal)\n",
    "async-import": "from async import await as nonlocal\nimport a.async.b\n",
    "nonlocal": "nonlocal = 1\nnonlocal or x\n",
    "true": "True, False = 1, 0\n",
    "true-everywhere": "def True(False=True): return f(True=x.True)\n",
    "true-class": "class False(True): pass\n",
    "blanks-before-colons": "try :\n    x\nexcept A :\n    y\nexcept B , e :\n    z\n",
    "form-feed-within": "x =\x0cy\x0c+ 10L\n",
    "words-that-touch": "return(x if`y`else z)\n",
}  # fmt: skip

#: Texts that depend on how they start, on their indentation, or on how they end.
TEXTS = {
    "tabs": "def f():\n\tother(1)\n\tprint x\n\n\n\tother(2)\n",
    "tab-is-eight-spaces": (
        "def f():\n        other(1)\n\tx(1,\n  2)\n\tif y:\n\t    other(3)\n            z\n"
        "        else:\n\t\tother(4)\n"
    ),
    "tab-after-spaces": "if x:\n    if y:\n\tother(1)\n    \tother(2)\n        z\n    other(3)\n",
    "tab-is-four": "# vim:ts=4\nif x:\n    other(1)\n\tother(2)\n",
    "tabs-and-clauses": (
        "if x:\n\ttry: other(1)\n        except A, e: other(2)\n\tfinally: y\n"
        "        @other(3)\n\t@other(4)\n        def g(): pass\n\tif y: z\n        elif z: y\n"
    ),
    "tabs-and-comments": (
        "if x:\n\tother(1)\n        # a\n\n   # b\n\t  \n        other(2)\n\n\t# c\n \n  # d\ny\n"
    ),
    "tabs-and-strings": "if x:\n\ty = '''\n\ta\n        b'''\n        other(1)\n",
    "tabs-and-holes": (
        "if x:\n\traise E, (a,\n\t          b)\n        raise E, (a,\n                  b)\n"
        "        other(1)\n"
    ),
    "spaces-within-a-tab": "if x:\n\tif y:\n                other(1)\n\tother(2)\n",
    "form-feed": "\x0cdef f():\n    other(1)\n    \x0c    x\n\x0c\n\x0cclass A: pass\n",
    "form-feed-alone": "x = 10L\n\x0c\ndef f():\n    other(1)\n",
    "continued-indentation": "if x:\n    other(1)\n    \\\n  y\n\\\nother(2)\n",
    "print-function": (
        "from __future__ import print_function\nprint = other(1)\nprint(x, file=f), print\n"
        "try: pass\nexcept A, e: pass\n"
    ),
    "unicode-literals": "from __future__ import unicode_literals\nx = '\\u1234' ur'\\d'\n",
    "declared-encoding": "# -*- coding: latin-1 -*-\nx = '\u00e9'; print other(1)\n",
    "carriage-returns": (
        "x = 1\r\nif y:\r\n  print z, \\\r\n    1\r\n  raise E, (other(1),\r\n  2), [3,\r\n"
        "  # c\r\n 4]\r\n"
    ),
    "mixed-line-ends": (
        "x = 10L\nif y:\r\n    print (a,\n  b), c\r\n    raise E, (v,\r\n  w,\n x)\r\n"
    ),
    "old-line-ends": "x = 10L\rif y:\r    print z\r    raise E, (v,\r  w)\r",
    "no-newline-at-the-end": "def f():\n    other(1)\n    print x",
    "nothing-behind-print": "print",
    "comment-at-the-end": "def f():\n    print x\n  # c\n \n# d\n",
    "empty": "",
}  # fmt: skip


def function(statements: str) -> str:
    """The statements in a function, with calls on either side."""
    body = textwrap.indent(f"other(1)\n{statements}other(2)\n", "    ", lambda line: True)
    return f"def function():\n{body}other(3)\n"


#: All of them, by name, as whole texts.
ALL = {**{name: function(text) for name, text in STATEMENTS.items()}, **TEXTS}
