# SPDX-License-Identifier: Apache-2.0
"""The progress bar of a run."""

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from codemods import engine
from codemods.cli.progress import Far, remaining


@contextlib.contextmanager
def shown(console: Console) -> Iterator[engine.Progress]:
    """Show a progress bar; the run calls what this yields."""
    columns = TextColumn("{task.description}"), BarColumn(), _Percent(), _Remaining()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=1.0)
        far = Far()

        def show(stage: str, done: int, total: int) -> None:
            if far.moves(stage, done, total):
                bar.update(task, description=stage, completed=far.fraction)

        yield show


class _Percent(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.percentage:>3.0f}%")


class _Remaining(ProgressColumn):
    """The estimated remaining time, which moves even while nothing else does."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        return Text(remaining(task.elapsed or 0.0, task.completed))
