# SPDX-License-Identifier: Apache-2.0
"""Dicts in the order that Python 2 has their items in."""

import json
import os
import random
import subprocess

import pytest

from codemods.analysis.python2_dicts import Python2Dict

PYTHON27 = os.environ.get("NOVA_PYTHON27", "")

#: How a dict of `first` is made, and what is put into it; here, and in Python 2.
WAYS = {
    "literal": (
        lambda first, second: Python2Dict.literal(first),
        "{%(first)s}",
    ),
    "item by item": (
        lambda first, second: Python2Dict([*first, *second]),
        "put({}, %(pairs)s)",
    ),
    "copied, then added to": (
        lambda first, second: added(Python2Dict.literal(first).copy(), second),
        "put(dict({%(first)s}), %(second)s)",
    ),
    "of another's items": (
        lambda first, second: Python2Dict(Python2Dict.literal(first)),
        "dict(item for item in {%(first)s}.items())",
    ),
}

PROGRAM = """\
import json

def put(target, pairs):
    for key, value in pairs:
        target[key] = value
    return target

print json.dumps([%s])
"""


def added(target: Python2Dict, pairs: list[tuple[str, str]]) -> Python2Dict:
    for key, value in pairs:
        target[key] = value
    return target


def drawn(draw: random.Random) -> list[tuple[str, str]]:
    """Pairs of a few names, which are many enough for every size of table up to 128 slots."""
    names = ["".join(draw.choices("abcdefgh_", k=draw.randint(1, 9))) for _ in range(60)]
    return [(name, str(number)) for number, name in enumerate(names[: draw.randint(0, 60)])]


@pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")
@pytest.mark.parametrize("way", WAYS)
def test_order_is_that_of_python27(way: str):
    made, spelled = WAYS[way]
    draw = random.Random(27)
    pairs = [(drawn(draw), drawn(draw)) for _ in range(200)]
    shown = ", ".join(
        spelled
        % {
            "first": ", ".join(f"{key!r}: {value}" for key, value in first),
            "second": repr(second),
            "pairs": repr(first + second),
        }
        + ".keys()"
        for first, second in pairs
    )
    program = PROGRAM % shown
    done = subprocess.run(
        [PYTHON27, "-"], input=program, capture_output=True, text=True, check=True
    )
    found = [[key for key, _ in made(first, second)] for first, second in pairs]
    assert found == json.loads(done.stdout)


def test_later_value_of_a_key_takes_the_place_of_the_earlier():
    assert str(Python2Dict([("a", "1"), ("b", "2"), ("a", "3")])) == "{'a': 3, 'b': 2}"


def test_order_hangs_on_the_room_that_there_is():
    # a literal makes room for eight, one after the other four times as many as there are
    pairs = [(f"{number}_column", "''") for number in range(8)]
    assert sorted(Python2Dict(pairs)) == sorted(Python2Dict.literal(pairs))
    assert list(Python2Dict(pairs)) != list(Python2Dict.literal(pairs))


def test_copy_leaves_the_dict_as_it_is():
    found = Python2Dict([("a", "1")])
    found.copy()["b"] = "2"
    assert "b" not in found
    assert "a" in found
