# SPDX-License-Identifier: Apache-2.0
"""Which names of the tree's own modules a file uses, and which of them do not exist."""

import ast
from collections.abc import Iterator

from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.syntax.names import FileNames, names_of
from codemods.syntax.scopes import bindings, is_declared_global
from codemods.syntax.source import Source, Unparsed

#: A module, and a name in it; "" stands for the module itself.
Named = tuple[str, str]


def lacking(text: Module, tree: Tree, after: FileNames | None = None) -> Iterator[str]:
    """The dotted names in the tree's modules that a file uses and that do not exist.

    If the file is rewritten, only those that it uses `after` that and not before.
    """
    named = frozenset(_named(text, names_of(text.source), tree))
    if after is not None:
        named = frozenset(_named(text, after, tree)) - named
    for module, name in sorted(named):
        if not exists(tree, module, name):
            yield f"{module}.{name}".rstrip(".")


def exists(tree: Tree, module: str, name: str) -> bool:
    """Whether the tree has the module and the name in it; True in case of doubt."""
    project = tree.project
    if project.is_module(f"{module}.{name}".rstrip(".")):
        return True
    if not name or not project.is_module(module):
        return False
    if module == f"{tree.package}.objects" and tree.is_own and tree.has_registry:
        if tree.object(name) is not None:
            return True
    return _has(project, module, name)


def _named(text: Module, names: FileNames, tree: Tree) -> Iterator[Named]:
    """What a file with these names uses of the tree's modules."""
    imported = dict[str, str]()
    for node in names.imports:
        imported.update(text.imported_by(node))
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if _is_own(alias.name, tree))
        elif not node.level and _is_own(node.module or "", tree):
            yield from (
                (node.module or "", alias.name) for alias in node.names if alias.name != "*"
            )
    for name, attribute in names.attributes:
        module = imported.get(name, "") if name not in names.rebound else ""
        if "." in module and _is_own(module, tree) and tree.project.is_module(module):
            yield module, attribute


def _is_own(module: str, tree: Tree) -> bool:
    return module.partition(".")[0] == tree.package


def _has(project: Project, module: str, name: str) -> bool:
    """Whether a module has a name that other modules can import."""
    source = _source(project, module)
    # a module may create names at run time
    if source is None or b"globals()" in source.text or b"sys.modules" in source.text:
        return True
    body = source.tree.body
    if any(bindings(body, name)) or is_declared_global(source, name):
        return True
    return any(
        _gives(project, binding.node, name)
        for binding in bindings(body, "*")
        if isinstance(binding.node, ast.ImportFrom)
    )


def _gives(project: Project, node: ast.ImportFrom, name: str) -> bool:
    """Whether an import of `*` may bind a name."""
    is_known = not node.level and project.is_module(node.module or "")
    return not is_known or _has(project, node.module or "", name)


@cached_for_run
def _source(project: Project, module: str) -> Source | None:
    """The source of a module, loaded or not; None if there is none or it cannot be parsed."""
    path = project.path_of(module)
    if path in project.modules:
        return project.modules[path].source
    data = project.added.get(path, project.files.get(path)) if path is not None else None
    try:
        return Source(path or "", data) if data is not None else None
    except Unparsed:
        return None
