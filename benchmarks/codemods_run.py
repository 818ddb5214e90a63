# SPDX-License-Identifier: Apache-2.0
"""Measure `codemods run` beside what it could be compared with, on the same files.

    pip install --group bench -e .    # pip 25.1 or newer
    python benchmarks/codemods_run.py --tree TREE --runs 3

CPU seconds are user and system time of a process and of those it waited for;
the peak is that of the largest one (`os.wait4`), never less than this script's own, some 50 MB,
which the system counts to what it starts. Figures are medians, except that the libcst codemod,
which takes minutes, runs once. Only the ratios carry over to another machine.

Without `--tree` the tree is written here: a handful of calls of the conductor among plain modules.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import click
from libcst_rename import RENAMED
from measured_trees import PACKAGE, copy_tree, own_facts, write_tree
from rich.console import Console
from rich.table import Table

BINARIES = pathlib.Path(sys.executable).parent
HERE = pathlib.Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024

Command = list[str | pathlib.Path]

READ = (
    "import pathlib, sys\n"
    "print(sum(len(path.read_bytes()) for path in pathlib.Path(sys.argv[1]).rglob('*.py')))\n"
)
CODEMOD_CONFIG = f'formatter: []\nmodules: ["{HERE.name}"]\nrepo_root: "."\n'


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a command cost: CPU and wall seconds, peak memory in bytes."""

    cpu: float
    wall: float
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.peak, other.peak))


Costs = dict[str, Cost]


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the table: what is measured, how, and what its cost is worth beside others.

    `met` says whether the `aim` is met; None where there is none. What takes
    minutes is run `once`.
    """

    name: str
    what: str
    run: Callable[[], Cost]
    ratio: Callable[[Costs], str] = lambda costs: ""
    aim: str = ""
    met: Callable[[Costs], bool] | None = None
    once: bool = False


def measure(
    command: Command,
    statuses: tuple[int, ...] = (0,),
    cwd: pathlib.Path | None = None,
) -> Cost:
    """Run a command, its output dropped. Raises `ClickException` on another exit status."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    # what is installed is compiled
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, cwd=cwd, env=environment
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        # the process is waited for already, Popen must not try again
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in statuses:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            raise click.ClickException(f"{command[0]}: exit status {child.returncode}\n{said}")
    # Linux counts in KiB, macOS in bytes
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit)


def codemods(tree: pathlib.Path, patches: pathlib.Path, *options: str | pathlib.Path) -> Cost:
    """Write the series of `tree` to `patches`, which is emptied before."""
    shutil.rmtree(patches, ignore_errors=True)
    command = [BINARIES / "codemods", "run", tree, "--patches", patches, *options]
    # 4: files that the tool cannot parse are counted as they are
    return measure(command, statuses=(0, 4))


def ast_grep(tree: pathlib.Path) -> Cost:
    """Look for the calls of `RENAMED`, one run for each, and print their rewrites."""
    total = Cost(0.0, 0.0, 0)
    for old, new in RENAMED.items():
        command: Command = [BINARIES / "ast-grep", "run", "--lang", "python", "--threads", "1"]
        command += ["--no-ignore", "vcs", "--pattern", f"$A.{old}($$$B)"]
        command += ["--rewrite", f"$A.{new}($$$B)", tree / PACKAGE]
        total += measure(command)
    return total


def libcst_codemod(tree: pathlib.Path) -> Cost:
    """Rename the calls of `RENAMED` in a copy of the tree; nothing is formatted."""
    with tempfile.TemporaryDirectory() as work:
        copy = pathlib.Path(work)
        shutil.copytree(tree / PACKAGE, copy / PACKAGE)
        (copy / ".libcst.codemod.yaml").write_text(CODEMOD_CONFIG)
        command: Command = [sys.executable, "-m", "libcst.tool", "codemod"]
        command += ["libcst_rename.RenameConductorCalls", "--jobs", "1", "--no-format"]
        # 1: files that libcst cannot parse stay counted
        return measure([*command, "--hide-progress", PACKAGE], statuses=(0, 1), cwd=copy)


def read_all(tree: pathlib.Path) -> Cost:
    """Read the bytes of the package's Python files, the start of Python included."""
    return measure([sys.executable, "-c", READ, tree / PACKAGE])


def start_up() -> Cost:
    """Start the tool, and stop it again."""
    return measure([BINARIES / "codemods", "--version"])


def changed_files(patches: pathlib.Path) -> int:
    """How many files the series in `patches` changes."""
    found: set[bytes] = set()
    for patch in patches.glob("*.patch"):
        found |= set(re.findall(rb"^diff --git (\S+)", patch.read_bytes(), re.MULTILINE))
    return len(found)


def median(costs: list[Cost]) -> Cost:
    """The medians of the seconds, and the largest peak."""
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        max(cost.peak for cost in costs),
    )


def share(one: str, other: str) -> Callable[[Costs], float]:
    """How much CPU one line takes for each second of another one's."""
    return lambda costs: costs[one].cpu / costs[other].cpu


def own_lines(tree: pathlib.Path, work: pathlib.Path) -> list[Line]:
    """What the tool costs on a tree."""
    return [
        Line(
            "one",
            "a  codemods run, 1 job",
            lambda: codemods(tree, work / "series"),
            aim="peak < 300 MB",
            met=lambda costs: costs["one"].peak / MEGABYTE < 300,
        ),
        Line(
            "two jobs",
            "a  codemods run, 2 jobs",
            lambda: codemods(tree, work / "series of two jobs", "--jobs", "2"),
            lambda costs: f"wall {costs['two jobs'].wall / costs['one'].wall:.2f} of 1 job",
            "wall < 1",
            lambda costs: costs["two jobs"].wall < costs["one"].wall,
        ),
    ]


def lines_beside(tree: pathlib.Path) -> list[Line]:
    """What it could be compared with, on the same tree."""
    ahead, behind = share("libcst", "one"), share("one", "ast-grep")
    return [
        Line(
            "libcst",
            "b  libcst, two renames",
            lambda: libcst_codemod(tree),
            lambda costs: f"{ahead(costs):.1f} x a",
            ">= 50 x a",
            lambda costs: ahead(costs) >= 50,
            once=True,
        ),
        Line(
            "ast-grep",
            "c  ast-grep, two renames",
            lambda: ast_grep(tree),
            lambda costs: f"a is {behind(costs):.2f} x c",
            "a <= 1.25 x c",
            lambda costs: behind(costs) <= 1.25,
        ),
        Line(
            "read",
            "d  read the bytes",
            lambda: read_all(tree),
            lambda costs: f"a is {share('one', 'read')(costs):.0f} x d",
        ),
        Line("start", "   codemods --version", start_up),
    ]


def lines_of_others(work: pathlib.Path, copies: int) -> list[Line]:
    """What the tool costs on many copies of the tree, and where there is nothing to do."""
    facts, growth = ("--assume", work / "copies.toml"), share("copies", "one")

    def grown(costs: Costs) -> str:
        many, few = (changed_files(work / name) for name in ("series of copies", "series"))
        return f"{growth(costs):.2f} x a; changes {many} files, one {few}"

    def beside_one(costs: Costs) -> float:
        return costs["jobs on copies"].wall / costs["copies"].wall

    return [
        Line(
            "copies",
            f"e  codemods run, {copies} copies",
            lambda: codemods(work / "copies", work / "series of copies", *facts),
            grown,
            f"<= {copies * 1.1:.0f} x a",
            lambda costs: growth(costs) <= copies * 1.1,
        ),
        Line(
            "jobs on copies",
            "e  that, 2 jobs",
            lambda: codemods(
                work / "copies", work / "series of copies by two", *facts, "--jobs", "2"
            ),
            lambda costs: f"wall {beside_one(costs):.2f} of 1 job",
            "wall <= 0.65",
            lambda costs: beside_one(costs) <= 0.65,
        ),
        Line(
            "idle",
            "f  codemods run, nothing to do",
            lambda: codemods(work / "idle", work / "series of nothing"),
            lambda costs: f"{share('idle', 'read idle')(costs):.1f} x",
        ),
        Line("read idle", "f  read the bytes of that", lambda: read_all(work / "idle")),
    ]


def measured(lines: list[Line], runs: int, console: Console) -> Costs:
    """The cost of each of the lines, by its name.

    They take turns, so that a busy spell of the machine falls on all of them.
    """
    costs: dict[str, list[Cost]] = {line.name: [] for line in lines}
    for number in range(runs):
        for line in lines:
            if number == 0 or not line.once:
                console.print(f"run {number + 1} of {runs}: {line.name}", highlight=False)
                costs[line.name].append(line.run())
    return {name: median(found) for name, found in costs.items()}


def report(lines: list[Line], costs: Costs, console: Console) -> None:
    """Print the one table."""
    table = Table(title="codemods run, side by side")
    table.add_column("measured")
    for name in ("CPU s", "wall s", "peak MB"):
        table.add_column(name, justify="right")
    for name in ("ratio", "aim", "met"):
        table.add_column(name)
    for line in lines:
        cost = costs[line.name]
        figures = (f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak / MEGABYTE:.0f}")
        met = "" if line.met is None else ("yes" if line.met(costs) else "no")
        table.add_row(line.what, *figures, line.ratio(costs), line.aim, met)
    console.print(table)


@click.command()
@click.option("--tree", type=click.Path(exists=True, file_okay=False, path_type=pathlib.Path))
@click.option("--runs", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--copies", type=click.IntRange(min=2), default=10, show_default=True)
@click.option("--modules", type=click.IntRange(min=1), default=1200, show_default=True)
@click.option("--functions", type=click.IntRange(min=1), default=30, show_default=True)
def main(tree: pathlib.Path | None, runs: int, copies: int, modules: int, functions: int) -> None:
    """Measure `codemods run` on TREE, or on a tree of so many plain MODULES and FUNCTIONS in each.

    The tree with nothing to do always has these sizes.
    """
    if tree is not None and not (tree / PACKAGE / "__init__.py").is_file():
        raise click.BadParameter(f"{tree}: {PACKAGE}/__init__.py is missing", param_hint="--tree")
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        one = tree or write_tree(work / "one", modules, functions, calls=True)
        write_tree(work / "idle", modules, functions, calls=False)
        copy_tree(one, work / "copies", copies)
        (work / "copies.toml").write_text(own_facts(copies))
        lines = [*own_lines(one, work), *lines_beside(one), *lines_of_others(work, copies)]
        report(lines, measured(lines, runs, Console(stderr=True)), Console())


if __name__ == "__main__":
    main()
