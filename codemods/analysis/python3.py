# SPDX-License-Identifier: Apache-2.0
"""Whether Python 3 can compile rewritten files and what they import, as the shim requires."""

import ast
import warnings
from collections.abc import Iterator, Mapping

from codemods.analysis.project import Project
from codemods.syntax.source import Source, Unparsed


def not_python3(project: Project, texts: Mapping[str, bytes]) -> tuple[str, str] | None:
    """The first file that Python 3 cannot compile, and why; None if there is none.

    This checks the new `texts`, by path, and all modules of the tree that they
    import, directly or not. Direct imports come first.
    """
    seen = dict.fromkeys(sorted(texts))
    waiting = list(seen)
    for path in waiting:
        data = texts.get(path, project.files.get(path, b""))
        if why := _refused(path, data):
            return path, why
        for other in _imported(project, path, data):
            if other not in seen:
                seen[other] = None
                waiting.append(other)
    return None


def _refused(path: str, data: bytes) -> str:
    """Why Python 3 cannot compile a file; "" if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError) as error:
        return str(error)
    return ""


def _imported(project: Project, path: str, data: bytes) -> list[str]:
    """The files of the tree that a file imports, by path."""
    try:
        tree = Source(path, data).tree
    except Unparsed:
        return []
    package = path.removesuffix(".py").split("/")[:-1]
    names = {name for node in ast.walk(tree) for name in _names(node, package)}
    # importing a module imports its packages
    names |= {".".join(package[: count + 1]) for count in range(len(package))}
    found = (project.path_of(name) for name in names)
    return sorted({one for one in found if one is not None})


def _names(node: ast.AST, package: list[str]) -> Iterator[str]:
    """The dotted names that a statement imports, and those of their packages."""
    if isinstance(node, ast.Import):
        wanted = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        inside = package[: len(package) - node.level + 1] if node.level else []
        module = ".".join([*inside, *filter(None, [node.module])])
        wanted = [f"{module}.{alias.name}" for alias in node.names]
    else:
        return
    for name in wanted:
        parts = name.split(".")
        yield from (".".join(parts[: count + 1]) for count in range(len(parts)))
