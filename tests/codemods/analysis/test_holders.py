# SPDX-License-Identifier: Apache-2.0
"""Which files may have to do with a class, by their bytes."""

import pytest

from codemods.analysis.holders import Holders

FILES = {
    "nova/compute/reader.py": "class Reader(object):\n    def row(self):\n        pass\n",
    "nova/compute/heir.py": "class Heir(reader.Reader):\n    def row(self):\n        pass\n",
    "nova/compute/late.py": "class Late(heir.Heir, dict):\n    pass\n",
    "nova/compute/several.py": "if X:\n    class Several(dict,\n        Reader, ):\n        pass\n",
    "nova/compute/other.py": "class Other(object):\n    def row(self):\n        pass\n",
    "nova/compute/user.py": "from nova.compute import late\nlate.Late().row()\n",
    "nova/compute/called.py": "def call(client):\n    client.call('row')\n",
    "nova/compute/unread.py": "client.row()\n",
    "nova/tests/test_reader.py": "class Fake(Reader):\n    def row(self):\n        pass\n",
    "nova/db/api.py": "class Api(Reader):\n    def row(self):\n        Reader().row()\n",
    "nova/conductor/api.py": "class Api(Reader):\n    pass\n",
    "plugins/tests/test_reader.py": "Reader().row()\n",
}

HOLDERS = Holders({path: text.encode() for path, text in FILES.items()}, "nova")


@pytest.mark.parametrize(
    ("name", "heirs"),
    [
        pytest.param("Reader", ["heir:Heir", "late:Late", "several:Several"], id="all of them"),
        pytest.param("Heir", ["late:Late"], id="one below another"),
        pytest.param("dict", ["late:Late", "several:Several"], id="a builtin"),
        pytest.param("Late", [], id="the last"),
        pytest.param("Nobody", [], id="no class of the tree"),
    ],
)
def test_heirs(name: str, heirs: list[str]):
    expected = [tuple(one.split(":")) for one in heirs]
    found = HOLDERS.heirs(name)
    assert found == [(f"nova/compute/{stem}.py", heir) for stem, heir in expected]


@pytest.mark.parametrize(
    ("name", "method", "stems"),
    [
        pytest.param("Reader", "row", ["heir"], id="by an heir, not by another class"),
        pytest.param("Reader", "rows", [], id="by none"),
        pytest.param("Other", "row", [], id="of a class without heirs"),
    ],
)
def test_overriding(name: str, method: str, stems: list[str]):
    assert HOLDERS.overriding(name, method) == [f"nova/compute/{stem}.py" for stem in stems]


def test_words():
    assert HOLDERS.words("nova.compute.reader.Reader") == {
        b"Reader", b"reader", b"Heir", b"heir", b"Late", b"late", b"Several", b"several"
    }  # fmt: skip


def test_words_of_a_module():
    assert HOLDERS.words("nova.compute.called") == {b"called", b"compute"}


def test_naming():
    words = HOLDERS.words("nova.compute.reader.Reader")
    assert list(HOLDERS.naming(b".row", words)) == ["nova/compute/user.py"]


@pytest.mark.parametrize(
    ("name", "is_quoted"),
    [
        pytest.param("row", True, id="as a text"),
        pytest.param("call", False, id="only as a name"),
        pytest.param("ro", False, id="the start of a text"),
    ],
)
def test_is_quoted(name: str, is_quoted: bool):
    assert HOLDERS.is_quoted(name) == is_quoted


def test_files():
    assert [path for path in FILES if path not in HOLDERS.paths] == [
        "nova/tests/test_reader.py",
        "nova/db/api.py",
        "nova/conductor/api.py",
        "plugins/tests/test_reader.py",
    ]
