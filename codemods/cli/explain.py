# SPDX-License-Identifier: Apache-2.0
"""`codemods explain`: show the evidence for a place."""

import pathlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

from codemods.analysis.survey import Survey
from codemods.cli.configured import ConfiguredCommand
from codemods.cli.options import PATH, STATUSES, TREE, config, reading
from codemods.engine import explained
from codemods.errors import CodemodsError, NoSuchPlace
from codemods.model import ITEMS, RunResult
from codemods.outputs.explain import Explainer, not_read
from codemods.outputs.findings import findings, saved
from codemods.outputs.moved import Origin, origin_in_patch, origin_of_rewritten
from codemods.outputs.sources import Sources

_PLACE = re.compile(r"(?P<path>.+):(?P<first>\d+)(?:-(?P<last>\d+))?")


class _Place(NamedTuple):
    path: str
    first: int
    last: int


class Explain(ConfiguredCommand):
    """The command; its --report is an input, not an output."""

    OTHERS = frozenset(("report",))


_EXAMPLES = """
\b
Examples:
  codemods explain nova nova/service.py:168
  codemods explain nova nova/service.py:160-170 --rewritten
  codemods explain nova series/0004-service.patch:57
  codemods explain nova nova/service.py:168 --report report.json
"""


@click.command("explain", cls=Explain, epilog=_EXAMPLES + STATUSES)
@click.argument("tree", type=TREE)
@click.argument("place", metavar="FILE:LINE")
@click.option(
    "--rewritten", is_flag=True, help="The line is one of the rewritten tree, not of TREE as it is."
)
@click.option(
    "--report",
    type=PATH,
    metavar="FILE",
    help="Answer from what codemods run --report has saved, at once.",
)
@reading
def explain_command(
    tree: pathlib.Path,
    place: str,
    rewritten: bool,
    report: pathlib.Path | None,
    **options: Any,
) -> None:
    """Say which object a place holds and how we know, or why it was left.

    The place is FILE:LINE or FILE:FIRST-LAST, of the tree, or PATCH:LINE, of a
    patch that a run has made.
    """
    asked = _place(tree, place)
    try:
        if report is not None:
            lines = _from_report(tree, asked, report, rewritten)
        else:
            lines = _from_run(tree, asked, rewritten, options)
    except NoSuchPlace as error:
        raise click.BadParameter(str(error)) from None
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    click.echo("\n".join(lines))


def _place(tree: pathlib.Path, text: str) -> _Place:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise click.BadParameter("name a file of the tree and a line: nova/service.py:168")
    path = pathlib.Path(match.group("path"))
    if path.is_absolute() and path.is_relative_to(tree.resolve()):
        path = path.relative_to(tree.resolve())
    first = int(match.group("first"))
    return _Place(path.as_posix(), first, int(match.group("last") or first))


def _from_report(
    tree: pathlib.Path, asked: _Place, report: pathlib.Path, rewritten: bool
) -> list[str]:
    if rewritten or asked.path.endswith(".patch"):
        raise NoSuchPlace("a report knows the lines of the tree as it is; leave --report out")
    sources = Sources(RunResult(str(tree), "", (), 0, 0, 0, (), (), (), (), ()))
    _require(tree, sources, asked)
    lines = list(Explainer(saved(report), sources, None, ITEMS).lines(*asked))
    return lines or ["the report has nothing to say of it"]


def _from_run(
    tree: pathlib.Path, asked: _Place, rewritten: bool, options: dict[str, Any]
) -> list[str]:
    is_patch = asked.path.endswith(".patch")
    if not is_patch and not rewritten and not (tree / asked.path).is_file():
        raise NoSuchPlace(f"{asked.path}: no such file in {tree}")
    if is_patch and not pathlib.Path(asked.path).is_file():
        raise NoSuchPlace(f"{asked.path}: no such patch; make it with codemods run --patches")
    result, survey = explained(config(tree, options))
    explainer = Explainer(findings(result), Sources(result), survey.inference, result.items)
    if not is_patch and not rewritten:
        _require(tree, Sources(result), asked)
        return list(explainer.lines(*asked)) or [_nothing(survey, result, asked.path)]
    lines = list[str]()
    for origin in _origins(result, asked):
        if origin.hunk is not None:
            lines += explainer.added(origin.hunk)
        else:
            lines += explainer.lines(origin.path, origin.line, origin.line)
    return lines or ["an unchanged line; nothing from the conductor is known to reach it"]


def _origins(result: RunResult, asked: _Place) -> Iterator[Origin]:
    """Where the lines that were asked for come from, each hunk only once."""
    seen = set()
    for number in range(asked.first, asked.last + 1):
        if asked.path.endswith(".patch"):
            origin = origin_in_patch(result, pathlib.Path(asked.path), number)
        else:
            origin = origin_of_rewritten(result, asked.path, number)
        if origin not in seen:
            yield origin
        seen.add(origin)


def _require(tree: pathlib.Path, sources: Sources, asked: _Place) -> None:
    if not (tree / asked.path).is_file():
        raise NoSuchPlace(f"{asked.path}: no such file in {tree}")
    count = len(sources.lines(asked.path))
    if not 0 < asked.first <= asked.last <= count:
        raise NoSuchPlace(f"{asked.path} has {count} lines")


def _nothing(survey: Survey, result: RunResult, path: str) -> str:
    nothing = not_read(survey.inference, result, path)
    return nothing or "nothing from the conductor is known to reach this place"
