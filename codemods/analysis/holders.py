# SPDX-License-Identifier: Apache-2.0
"""Find the files that may use the objects of a class, judging by their bytes alone.

A file that was not read yet may use what a method returns, or what an attribute
holds. It must have got the object from somewhere, so it names the class, a
subclass, the module of either, or something else that is known to hold such an
object.
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
        """By the name of a base, the files and names of the classes that list it."""
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
        """The files in which a class that may inherit from one of that name may define a method."""
        needle = f"def {method}(".encode()
        paths = {path for path, _ in self.heirs(name)}
        return sorted(path for path in paths if needle in self._files[path])

    def words(self, dotted: str) -> set[bytes]:
        """The words by which a file may refer to a class, or to a name at a module's top level."""
        module, _, name = dotted.rpartition(".")
        found = {name.encode(), module.rpartition(".")[2].encode()}
        for path, heir in self.heirs(name):
            stem = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            found |= {heir.encode(), stem.encode()}
        return found - {b""}

    def naming(self, needle: bytes, words: Iterable[bytes]) -> Iterator[str]:
        """The files that contain `needle` and one of the words."""
        several = tuple(words)
        return (path for path in self.having(needle) if mentions(self._files[path], several))

    @cached_for_run
    def having(self, needle: bytes) -> list[str]:
        """The files that contain `needle`."""
        return [path for path in self.paths if needle in self._files[path]]

    @cached_for_run
    def first_places(
        self, pattern: "re.Pattern[bytes]", words: frozenset[bytes]
    ) -> Mapping[str, int]:
        """Where a pattern first matches in each file that contains one of the words."""
        places = {}
        for path in self.paths:
            if mentions(self._files[path], words):
                position = self.first_in(path, pattern)
                if position is not None:
                    places[path] = position
        return places

    @cached_for_run
    def first_in(self, path: str, pattern: "re.Pattern[bytes]") -> int | None:
        """Where a pattern first matches in a file; None if it does not."""
        found = pattern.search(self._files[path])
        return None if found is None else found.start()

    @cached_for_run
    def is_quoted(self, name: str) -> bool:
        """Whether some file has the name as a string, by which a method can be called.

        Keys of dicts do not count.
        """
        word = name.encode()
        quoted = re.compile(rb"(?<!\[)(['\"])%b\1(?!\s*[\]:])" % word)
        # the quotes are part of the search: a short name is in every file
        texts = b"'%b'" % word, b'"%b"' % word
        files = (self._files[path] for path in self.paths)
        return any(mentions(data, texts) and quoted.search(data) for data in files)
