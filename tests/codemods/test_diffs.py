# SPDX-License-Identifier: Apache-2.0
"""Diffs are read as git has made them."""

import pathlib
import subprocess

import pytest
from unidiff.errors import UnidiffParseError

from codemods.outputs.diffs import DiffLine, read, read_mail

BEFORE = {
    "gone.py": b"a\n",
    "lines.py": b"a\nb\r\nc\x0cd\ne",
    "text.py": b'x = "\xe9"\n',
}
AFTER = {
    "lines.py": b"a\nb\r\nC\x0cd\ne\n",
    "new one.py": b"-- a\n++ b",
    "text.py": b'x = "\xe8"\n',
}
#: Looks like a diff, and is none.
MESSAGE = "What was\n\n--- a/foo.py\n+++ b/foo.py\n@@ -1 +1 @@\n-x\n+y\n"


@pytest.fixture
def mail(tmp_path: pathlib.Path) -> bytes:
    """A patch that git has made."""

    def git(*words: str) -> bytes:
        own = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "core.autocrlf=false")
        done = subprocess.run(["git", *own, *words], cwd=tmp_path, capture_output=True, check=True)
        return done.stdout

    git("init", "-q")
    for files in (BEFORE, AFTER):
        for name in BEFORE.keys() - files.keys():
            (tmp_path / name).unlink()
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        git("add", "--all")
        git("commit", "-q", "-m", MESSAGE)
    return git("format-patch", "-1", "--stdout", "--no-renames")


def test_every_hunk_is_read(mail: bytes):
    found = {hunk.path: [line[:4] for line in hunk.lines] for hunk in read_mail(mail)}
    assert found == {
        "gone.py": [("-", 1, 0, "a")],
        "lines.py": [
            (" ", 1, 1, "a"),
            (" ", 2, 2, "b"),
            ("-", 3, 0, "c\x0cd"),
            ("-", 4, 0, "e"),
            ("+", 0, 3, "C\x0cd"),
            ("+", 0, 4, "e"),
        ],
        "new one.py": [("+", 0, 1, "-- a"), ("+", 0, 2, "++ b")],
        "text.py": [("-", 1, 0, 'x = "\ufffd"'), ("+", 0, 1, 'x = "\ufffd"')],
    }


def test_lines_have_their_place_in_the_mail(mail: bytes):
    whole = mail.decode("utf-8", "replace").split("\n")
    for hunk in read_mail(mail):
        for line in hunk.lines:
            assert whole[line.place - 1].rstrip("\r") == line.kind + line.text


def test_a_hunk_says_where_it_is():
    head = b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"
    (hunk,) = read(head + b"@@ -3,0 +4 @@ def a():\n+    b\n", before=10)
    assert hunk == ("a.py", 3, 4, "def a():", (DiffLine("+", 0, 4, "    b", 15),))


def test_what_git_has_not_made_is_refused():
    head = b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"
    with pytest.raises(UnidiffParseError):
        list(read(head + b"@@ -1,2 +1,2 @@\n-a\n+b\n"))
