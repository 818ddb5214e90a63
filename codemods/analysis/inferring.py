# SPDX-License-Identifier: Apache-2.0
"""Run inference over the files of a tree."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from codemods.analysis import pci_stats
from codemods.analysis.additions import additions_of
from codemods.analysis.assumptions import Assumption, shipped
from codemods.analysis.followed import with_handles
from codemods.analysis.handle_inputs import telling
from codemods.analysis.inference import Inference
from codemods.analysis.missing_fields import plan_of
from codemods.analysis.project import Module, Parsed, Project
from codemods.analysis.seeds import commands, seeds, suspicious
from codemods.analysis.stays import NOTHING_STAYS, Stays
from codemods.analysis.survey import Survey
from codemods.analysis.tree import Tree, folders
from codemods.analysis.unit_tests import load_tests
from codemods.discovery import PACKAGE, mentions


def inferred(
    files: Mapping[str, bytes],
    target: str | None = None,
    assumptions: Iterable[Assumption] = (),
    stays: Stays = NOTHING_STAYS,
    package: str = PACKAGE,
    roots: Sequence[str] = (),
    parsed: Parsed | None = None,
    needles: tuple[bytes, ...] = (),
    watch: Callable[[], None] | None = None,
) -> Survey:
    """What the expressions of the relevant files hold, where the calls of `stays` give dicts.

    The tree's own package is called `package`, and files beside it are modules
    as seen from the `roots`. What is in `parsed` is not parsed again. Files with
    one of the `needles` in them are relevant whatever else is known of them.
    `watch` is called for each function that is looked at.
    """
    project = Project(files, roots, parsed)
    own = package if target == PACKAGE else target
    tree = Tree(project, package, target=own, stays=stays)
    if tree.is_own and additions_of(tree).files:
        tree = tree.with_added(additions_of(tree).files)
        project = tree.project
    exceptions = () if tree.is_own else (tree.exceptions_path,)
    for path in seeds(files, tree.package):
        project.load(path, "may call the conductor for rows")
    for path in commands(files, tree.package):
        project.load(path, "starts a service")
    for path in exceptions:
        project.load(path, "has the exceptions of the tree")
    listed = {*suspicious(files, tree.package), *telling(files, tree.package)}
    listed.update(additions_of(tree).text_versions)
    if needles:
        listed.update(path for path, data in files.items() if mentions(data, needles))
    inference = Inference(project, tree, (*shipped(package), *assumptions), listed, watch)
    for path in sorted(listed):
        project.load(path, "has what may be the conductor, or hands text over")
    inference.run()
    inference = with_handles(inference)
    if plan_of(inference).lacks(pci_stats.NAME):
        pci_stats.follow(inference)
    load_tests(_surveyed(inference, tree))
    inference.run()
    inference.close()
    return _surveyed(inference, tree)


def _surveyed(inference: Inference, tree: Tree) -> Survey:
    """The files in which a rule may find something, with what is known of them all."""
    return Survey({m.source.path: m for m in _relevant(inference)}, inference, tree)


def _relevant(inference: Inference) -> list[Module]:
    """The modules in which a rule may find something."""
    project, package = inference.project, inference.tree.package
    own = folders(package, "conductor", "db", "objects")
    always = (f"{package}/cmd/", f"{package}/tests/", inference.tree.exceptions_path)
    return [
        project.modules[path]
        for path in sorted(project.modules.keys() - project.failures.keys())
        if path in inference.skipped
        or path in inference.listed
        or (path in inference.touched and not path.startswith(own))
        or path.startswith(always)
        or (not path.startswith(f"{package}/") and inference.is_test(project.modules[path]))
    ]
