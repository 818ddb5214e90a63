"""The command line."""

import pathlib
import subprocess
import sys

import pytest
from click.testing import CliRunner

from shim import cli


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, args)
    return result.exit_code, result.output


def test_init_then_check(tmp_path: pathlib.Path) -> None:
    url = f"sqlite:///{tmp_path / 'folder' / 'nova.sqlite'}"
    assert run("db", "init", url) == (0, f"{url}: created\n")
    assert run("db", "check", url) == (0, f"{url}: can be used\n")
    code, output = run("db", "init", url)
    assert code == 1
    assert "has tables already" in output


def test_check_of_what_is_not_there(tmp_path: pathlib.Path) -> None:
    code, output = run("db", "check", f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert (code, "no such file" in output) == (1, True)
    assert not list(tmp_path.iterdir())


def test_check_names_what_is_off(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "other.sqlite"
    path.touch()
    code, output = run("db", "check", f"sqlite:///{path}")
    assert code == 1
    assert "table instances is missing" in output


def test_what_is_no_database(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("This is no database. " * 100)
    for command in ("check", "init"):
        code, output = run("db", command, f"sqlite:///{path}")
        assert (code, "file is not a database" in output) == (1, True)


def test_init_where_nothing_can_be_written(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").touch()
    code, output = run("db", "init", f"sqlite:///{tmp_path / 'file' / 'nova.sqlite'}")
    assert (code, "Error: sqlite" in output) == (1, True)


@pytest.mark.parametrize(
    "args",
    [
        ("db", "check", "nonsense"),
        ("db", "check", "nonesuch://host/db"),
        ("db", "check", "--config-file", "/nonesuch"),
        ("conductor", "--config-file", "/nonesuch"),
        ("nonesuch",),
    ],
)
def test_wrong_usage(args: tuple[str, ...]) -> None:
    assert run(*args)[0] == 2


def test_the_readmes_example(tmp_path: pathlib.Path) -> None:
    """With nothing configured: made in one process, read in another."""
    import re

    readme = (pathlib.Path(cli.__file__).parent / "README.md").read_text()
    made, read = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[:2]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    for program in (made, read):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "cmp-a node-a 8",
        "m1.small 2048",
        "migrating instance-00000001",
    ]
    assert (tmp_path / ".local" / "state" / "shim" / "nova.sqlite").exists()
