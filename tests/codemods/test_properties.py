# SPDX-License-Identifier: Apache-2.0
"""What holds for every source: bytes outside edits stay, the result parses, twice is once."""

import ast
import pathlib
import tempfile

import pytest
import small_tree
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from python2_texts import respelled

from codemods.config import Config
from codemods.engine import run
from codemods.model import Edit

PATH = "nova/compute/example.py"
HEAD = ["from nova import conductor", "", "", "class Reader(object):", "    def __init__(self):"]
HEAD += ["        self.conductor_api = conductor.API()", ""]

#: Bodies of methods that the rules rewrite, one or more lines each.
CALLS = [
    [
        "service = self.conductor_api.service_get_by_compute_host(context, host)",
        "return service['host']",
    ],
    ["return [s['topic'] for s in", "        self.conductor_api.service_get_all(context)]"],
    ["values = {'host': host}", "self.conductor_api.service_create(context, values)"],
    [
        "capi = self.conductor_api",
        "node = capi.compute_node_create(context, host)",
        "return node['id'], node.get('vcpus')",
    ],
    ["self.conductor_api.service_destroy(context, host)"],
    ["return self.conductor_api.instance_type_get(context, host)['name']"],
    [
        "service = self.conductor_api.service_get_by_compute_host(context, host)",
        "if host: service['host'] = u'\u00e9'; print service  # both",
        "self.conductor_api.service_update(context, service, {'topic': host})",
    ],
    [
        "service = self.conductor_api.service_get_by_compute_host(context, host)",
        "if not host:",
        "\tservice = {}",
        "return service['host'], (service)['topic'], service.copy()['id']",
    ],
    ["if host: self.conductor_api.service_create(context, {'host': '( #',  # why", "    })"],
    ["return self.conductor_api.instance_get_all(context)"],
]

#: The last of them is only listed.
LISTED = len(CALLS) - 1

#: Bodies that have nothing to do with rows; the bytes of each are told by its mark.
OTHERS = [
    ["x = {  'a':1,", "   'b' : [ 2,3 ] }", "return x"],
    ["if host :", "    return  'conductor'   # trailing", "return None"],
    ["'''text", "   with odd lines\t", "'''", "return u'\u00e9\u20ac'"],
    ["print 'old', host", "raise ValueError, 'older'"],
    ["return 0777 + 10L"],
]

CALL = st.sampled_from(CALLS)
GAPS = st.lists(st.sampled_from(["", "    # a comment", "# left", "    ", "\t"]), max_size=3)
IS_CALL = st.sampled_from([True, True, True, False])
METHODS = st.lists(st.tuples(IS_CALL, st.integers(0, LISTED), GAPS), min_size=1, max_size=5)


def module(methods: list[tuple[bool, int, list[str]]]) -> tuple[list[str], list[str]]:
    """A module's lines, and the texts in it that no edit may touch."""
    lines, kept = list(HEAD), []
    for number, (is_call, which, gaps) in enumerate(methods):
        body = CALLS[which % len(CALLS)] if is_call else OTHERS[which % len(OTHERS)]
        text = [*gaps, f"    def method_{number}(self, context, host):"]
        text += [f"        {line}" for line in body]
        if not is_call:
            kept.append("\n".join(text[len(gaps) :]))
        lines += [*text, ""]
    return lines, kept


def rewritten(root: pathlib.Path, data: bytes) -> tuple[bytes, list[Edit]]:
    """The file's bytes after a run on the small tree, and the edits behind them."""
    for path, text in small_tree.files().items():
        if not path.startswith("nova/compute/") or path.endswith("__init__.py"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    (root / PATH).write_bytes(data)
    result = run(Config(root))
    assert result.failures == ()
    edits = [edit for patch in result.patches for edit in patch.edits]
    return next((c.after for c in result.changes if c.path == PATH), data), edits


def untouched(data: bytes, edits: list[Edit]) -> list[bytes]:
    """The whole lines that no edit overlaps and that are no import."""
    kept, position = [], 0
    for line in data.splitlines(keepends=True):
        end = position + len(line)
        near = any(edit.start < end and position <= edit.end for edit in edits)
        if not near and b"import" not in line and line.strip():
            kept.append(line)
        position = end
    return kept


def in_order(lines: list[bytes], text: bytes) -> bool:
    """Whether the lines stand in the text, whole, in their order."""
    rest = iter(text.splitlines(keepends=True))
    return all(line in rest for line in lines)


@pytest.mark.parametrize("which", range(LISTED))
def test_each_of_the_bodies_is_rewritten_alone(which: int):
    lines, _ = module([(True, which, [])])
    data = ("# -*- coding: utf-8 -*-\n" + "\n".join(lines)).encode()
    with tempfile.TemporaryDirectory() as place:
        after, edits = rewritten(pathlib.Path(place), data)
    assert after != data
    assert any(edit.path == PATH for edit in edits)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(METHODS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_outside_the_edits_stays_and_twice_is_once(
    methods: list[tuple[bool, int, list[str]]], newline: str, ends: bool
):
    lines, kept = module(methods)
    text = "# -*- coding: utf-8 -*-\n" + "\n".join(lines) + ("\n" if ends else "")
    data = text.replace("\n", newline).encode()
    with tempfile.TemporaryDirectory() as place:
        after, edits = rewritten(pathlib.Path(place), data)
        again, _ = rewritten(pathlib.Path(place), after)
    assert again == after
    ast.parse(respelled(after))
    for piece in kept:
        assert piece.replace("\n", newline).encode() in after
    assert in_order(untouched(data, edits), after)
    if newline == "\r\n":
        assert after.count(b"\n") == after.count(b"\r\n")
    rewrites = any(is_call and which != LISTED for is_call, which, _ in methods)
    event("with edits" if edits else "without edits")
    assert bool(edits) == rewrites
    assert (after != data) == rewrites


PIECES = st.sampled_from(
    [*"()[]{}:;,`\\\"'#\n", " ", "\r\n", "print ", "except ", "raise ", "exec ", "ur'", "10L",
     "0777", "<>", "'''", "async ", "x", "\u00e9", "0", "L", ">>"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40))
def test_spelling_never_moves_a_byte_nor_a_line(pieces: list[str]):
    text = "".join(pieces).encode()
    spelled = respelled(text)
    assert len(spelled) == len(text)
    assert [n for n, b in enumerate(spelled) if b == 10] == [
        n for n, b in enumerate(text) if b == 10
    ]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(OTHERS), max_size=5))
def test_spelled_python_2_parses_and_is_spelled_already(bodies: list[list[str]]):
    lines = [f"def f():\n{''.join(f'    {line}' + chr(10) for line in body)}" for body in bodies]
    spelled = respelled("\n".join(lines).encode())
    ast.parse(spelled)
    assert respelled(spelled) == spelled
