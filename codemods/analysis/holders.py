# SPDX-License-Identifier: Apache-2.0
"""Which files may have to do with the objects of a class, as far as their bytes tell.

A file that nobody has read yet may take what a method returns, or read what an
attribute holds. It must have got the object that has them from somewhere, so it
names the class, one that inherits from it, the module of either, or whatever
else is known to hold such an object.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping

from codemods.analysis.tree import folders
from codemods.caches import cached_for_run
from codemods.discovery import mentions

_HEADER = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)", re.M)
_NAME = re.compile(rb"\w+(?=\s*(?:,|$))")


class Holders:
    """The files of the code, by path: all but the unit tests, the conductor and the database."""

    def __init__(self, files: Mapping[str, bytes], package: str) -> None:
        own = folders(package, "conductor", "db", "tests")
        self.paths = [
            path for path in sorted(files) if not path.startswith(own) and "/tests/" not in path
        ]
        self._files = files

    @functools.cached_property
    def _heirs(self) -> dict[bytes, set[tuple[str, bytes]]]:
        """The classes that name a class as a base, with their files, by that name."""
        heirs: dict[bytes, set[tuple[str, bytes]]] = {}
        for path in self.paths:
            data = self._files[path]
            for match in _HEADER.finditer(data) if b"class" in data else ():
                for base in _NAME.findall(match[2]):
                    heirs.setdefault(base, set()).add((path, match[1]))
        return heirs

    def heirs(self, name: str) -> list[tuple[str, str]]:
        """The files and names of the classes that may inherit from a class of that name."""
        found: set[tuple[str, bytes]] = set()
        waiting = [name.encode()]
        while waiting:
            new = self._heirs.get(waiting.pop(), set()) - found
            found |= new
            waiting += [heir for _, heir in new]
        return sorted((path, heir.decode()) for path, heir in found)

    def overriding(self, name: str, method: str) -> list[str]:
        """The files in which a class that may inherit from one of that name defines a method."""
        needle = f"def {method}(".encode()
        paths = {path for path, _ in self.heirs(name)}
        return sorted(path for path in paths if needle in self._files[path])

    def words(self, dotted: str) -> set[bytes]:
        """What a file names that has to do with a class, or with what a module has at its top."""
        module, _, name = dotted.rpartition(".")
        found = {name.encode(), module.rpartition(".")[2].encode()}
        for path, heir in self.heirs(name):
            stem = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            found |= {heir.encode(), stem.encode()}
        return found - {b""}

    def naming(self, needle: bytes, words: Iterable[bytes]) -> Iterator[str]:
        """The files in which `needle` and one of the words stand."""
        several = tuple(words)
        return (path for path in self._having(needle) if mentions(self._files[path], several))

    @cached_for_run
    def _having(self, needle: bytes) -> list[str]:
        return [path for path in self.paths if needle in self._files[path]]

    @cached_for_run
    def first_places(
        self, pattern: "re.Pattern[bytes]", words: frozenset[bytes]
    ) -> Mapping[str, int]:
        """Where a pattern is first found, by file, in those in which one of the words stands."""
        places = {}
        for path in self.paths:
            if mentions(self._files[path], words):
                position = self.first_in(path, pattern)
                if position is not None:
                    places[path] = position
        return places

    @cached_for_run
    def first_in(self, path: str, pattern: "re.Pattern[bytes]") -> int | None:
        """Where a pattern is first found in a file; None where it is not."""
        found = pattern.search(self._files[path])
        return None if found is None else found.start()

    @cached_for_run
    def is_quoted(self, name: str) -> bool:
        """Whether some file has the name as a text, by which a method can be called.

        A key of a dict is no such text.
        """
        word = name.encode()
        quoted = re.compile(rb"(?<!\[)(['\"])%b\1(?!\s*[\]:])" % word)
        # the quote belongs to what is searched for: short names are in every file
        texts = b"'%b'" % word, b'"%b"' % word
        files = (self._files[path] for path in self.paths)
        return any(mentions(data, texts) and quoted.search(data) for data in files)
