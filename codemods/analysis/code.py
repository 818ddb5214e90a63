"""The code of a tree, unit tests apart, read without a trace in the run.

What the run itself has parsed is used, what it has not is parsed here: asking
changes nothing in what the run considers.
"""

import functools
import re
from collections.abc import Iterable, Iterator

from codemods.analysis.project import Class, Module
from codemods.analysis.tree import Tree
from codemods.syntax.source import Source, Unparsed

_CLASS = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)", re.M)

#: `x.NAME` where a line may give it a value, in a statement of any kind.
_SET = (
    rb"(?<!\bself)\.NAME\b(?:\s*[-+*/%&|^<>]*=(?!=)|\s*[,)\]].*=(?!=))"
    rb"|\b(?:for|as|del)\b.*\.NAME\b"
)


class Code:
    """The tree's code, unit tests apart; a module is parsed when its text is asked for."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.unread: list[str] = []
        self._modules: dict[str, Module | None] = {}

    @functools.cached_property
    def files(self) -> dict[str, bytes]:
        """The files of the code, by path."""
        package = self.tree.package
        return {
            path: data
            for path, data in sorted(self.tree.project.files.items())
            if path.startswith(f"{package}/") and not path.startswith(f"{package}/tests/")
        }

    def mentioning(self, needle: bytes) -> list[Module]:
        """The modules in whose bytes `needle` stands."""
        return self._loaded(path for path, data in self.files.items() if needle in data)

    def _loaded(self, paths: Iterable[str]) -> list[Module]:
        found = (self._load(path) for path in paths)
        return [module for module in found if module is not None]

    def setting(self, name: str, kin: set[str]) -> list[Module]:
        """The modules that may give an instance of one of the classes an attribute."""
        own = rf"^[ \t]*class[ \t]+(?:{'|'.join(sorted(kin))})\b"
        defines, needle = re.compile(own.encode(), re.M), name.encode()
        # elsewhere `self` is something else, and what is only read is of no interest
        sets = re.compile(_SET.replace(b"NAME", needle))
        quoted = (b"'%s'" % needle, b'"%s"' % needle)
        return self._loaded(
            path
            for path, data in self.files.items()
            if needle in data
            and (
                any(sets.search(line) for line in _lines_with(data, b"." + needle))
                or (b"setattr(" in data and any(one in data for one in quoted))
                or defines.search(data)
            )
        )

    def _load(self, path: str) -> Module | None:
        if path in self.tree.project.modules:
            return self.tree.project.modules[path]
        if path not in self._modules:
            dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            try:
                self._modules[path] = Module(dotted, Source(path, self.files[path]))
            except (Unparsed, RecursionError):
                self._modules[path] = None
                self.unread.append(path)
        return self._modules[path]

    def find_class(self, dotted: str) -> Class | None:
        """The class of that dotted name; None where the tree has none."""
        head, _, name = dotted.rpartition(".")
        for path in (f"{head.replace('.', '/')}.py", f"{head.replace('.', '/')}/__init__.py"):
            module = self._load(path) if path in self.files else None
            if module is not None:
                return module.classes.get(name)
        return None

    @functools.cached_property
    def device_list(self) -> Class | None:
        """The tree's class of a list of PCI devices."""
        inside = f"{self.tree.objects_path}/"
        for module in self.mentioning(b"class PciDeviceList("):
            if module.source.path.startswith(inside):
                return module.classes.get("PciDeviceList")
        return None

    def kin(self, name: str) -> set[str]:
        """The names of the classes that an instance of class `name` may be made of."""
        heirs = _reached(self._heirs, {name})
        return heirs | _reached(self._bases, heirs)

    @functools.cached_property
    def _bases(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for data in self.files.values():
            for name, bases in _CLASS.findall(data):
                words = {word.decode() for word in re.findall(rb"\w+", bases)}
                found.setdefault(name.decode(), set()).update(words)
        return found

    @functools.cached_property
    def _heirs(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, bases in self._bases.items():
            for base in bases:
                found.setdefault(base, set()).add(name)
        return found


def _reached(links: dict[str, set[str]], names: set[str]) -> set[str]:
    """The names, and what is reached from them over the links."""
    found, waiting = set(names), list(names)
    while waiting:
        for other in links.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return found


def _lines_with(data: bytes, needle: bytes) -> Iterator[bytes]:
    """The lines in which `needle` stands."""
    place = data.find(needle)
    while place >= 0:
        end = data.find(b"\n", place)
        end = end if end >= 0 else len(data)
        yield data[data.rfind(b"\n", 0, place) + 1 : end]
        place = data.find(needle, end)
