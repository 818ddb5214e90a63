"""What the tree's package of objects lacks as a whole: a class, a getter, a registration."""

import functools
import importlib.resources
import re

from codemods.analysis.tree import OBJECTS, Tree
from codemods.analysis.versions import text_versions

#: The list object's getter that later releases have, and what it is read for.
NODES_GETTER = "ComputeNodeList.get_by_service"

_NEEDED_BY = b"instance_type_get("

_IMPORTED = re.compile(rb"__import__\(\s*['\"]([\w.]+)['\"]")


class Additions:
    """What is written anew, or added to `nova/objects`, before the code can use it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @functools.cached_property
    def files(self) -> dict[str, bytes]:
        """The new files: an object that the tree lacks, with its unit tests."""
        tree = self.tree
        path = f"{tree.objects_path}/flavor.py"
        known = tree.project.files
        # the object is written in the style of the release without typed fields
        if f"{tree.objects_path}/utils.py" not in known or path in known:
            return {}
        if tree.typed_fields or tree.object("Flavor") is not None:
            return {}
        if not any(
            _NEEDED_BY in data and path.startswith(f"{tree.package}/compute/")
            for path, data in known.items()
        ):
            return {}
        tests = f"{tree.tests.replace('.', '/')}/objects/test_flavor.py"
        return {path: self._text("flavor"), tests: self._text("test_flavor")}

    def _text(self, name: str) -> bytes:
        folder = importlib.resources.files("codemods.mappings").joinpath("added")
        text = folder.joinpath(f"{name}.py.in").read_text(encoding="utf-8")
        text = text.replace("@package@", self.tree.package).replace("@tests@", self.tree.tests)
        return text.encode()

    @functools.cached_property
    def lacks_nodes_getter(self) -> bool:
        """Whether the nodes of a service cannot be read as a list object."""
        return not self.tree.has(NODES_GETTER) and self.tree.object("ComputeNodeList") is not None

    @functools.cached_property
    def text_versions(self) -> tuple[str, ...]:
        """The virt drivers that hand over a version which is text and no number."""
        return text_versions(self.tree)

    @functools.cached_property
    def version_files(self) -> tuple[str, ...]:
        """Where it is seen to it that text is no error: the drivers, or the object's file."""
        if self.tree.typed_fields or not self.text_versions:
            return self.text_versions
        found = self.tree.object("ComputeNode")
        return (found.path,) if found is not None and self.tree.is_own else ()

    @functools.cached_property
    def unregistered(self) -> tuple[str, ...]:
        """The modules of objects that `register_all()` does not import."""
        path = f"{self.tree.objects_path}/__init__.py"
        text = self.tree.project.files.get(path, b"")
        if b"def register_all" not in text or self.tree.has_registry:
            return ()
        found = (self.tree.object(name) for name in OBJECTS)
        modules = sorted(one.module for one in found if one is not None)
        known = {name.decode() for name in _IMPORTED.findall(text)}
        return tuple(one for one in modules if one not in known)


@functools.cache
def additions_of(tree: Tree) -> Additions:
    """The additions to a tree, found once."""
    return Additions(tree)
