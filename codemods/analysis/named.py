# SPDX-License-Identifier: Apache-2.0
"""What a text names of the tree's own modules, and what of it the tree does not have."""

import ast
from collections.abc import Iterator

from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.syntax.names import Names, names_of
from codemods.syntax.scopes import bindings, is_declared_global
from codemods.syntax.source import Source, Unparsed

#: A module, and a name in it; "" stands for the module itself.
Named = tuple[str, str]


def lacking(text: Module, tree: Tree, after: Names | None = None) -> Iterator[str]:
    """The dotted names that a file has of the tree's modules, and that are not there.

    Where the file becomes another one, those that it has only `after` that.
    """
    named = frozenset(_named(text, names_of(text.source), tree))
    if after is not None:
        named = frozenset(_named(text, after, tree)) - named
    for module, name in sorted(named):
        if not exists(tree, module, name):
            yield f"{module}.{name}".rstrip(".")


def exists(tree: Tree, module: str, name: str) -> bool:
    """Whether the tree has the module, and the name in it; what cannot be told counts as there."""
    project = tree.project
    if project.is_module(f"{module}.{name}".rstrip(".")):
        return True
    if not name or not project.is_module(module):
        return False
    if module == f"{tree.package}.objects" and tree.is_own and tree.has_registry:
        if tree.object(name) is not None:
            return True
    return _has(project, module, name)


def _named(text: Module, names: Names, tree: Tree) -> Iterator[Named]:
    """What a file names where its names are these."""
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
    """Whether a module binds a name for whoever imports it."""
    source = _source(project, module)
    # a module may give itself names in ways that no reader of it sees
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
    """Whether an import of `*` may bring a name."""
    is_known = not node.level and project.is_module(node.module or "")
    return not is_known or _has(project, node.module or "", name)


@cached_for_run
def _source(project: Project, module: str) -> Source | None:
    """The module, which nobody has to have looked at otherwise; None if it cannot be parsed."""
    path = project.path_of(module)
    if path in project.modules:
        return project.modules[path].source
    data = project.added.get(path, project.files.get(path)) if path is not None else None
    try:
        return Source(path or "", data) if data is not None else None
    except Unparsed:
        return None
