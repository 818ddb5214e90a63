# SPDX-License-Identifier: Apache-2.0
"""The command line."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from shim import cli, conf


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, args)
    return result.exit_code, result.output


def test_init_then_check(tmp_path: pathlib.Path) -> None:
    url = f"sqlite:///{tmp_path / 'folder' / 'nova.sqlite'}"
    assert run("db", "init", url) == (0, f"{url}: created\n")
    assert (tmp_path / "folder").stat().st_mode & 0o077 == 0
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[conductor]\nworkers = abc\n", "workers from {file} is not valid"),
        ("[upgrade_levels]\ncompute = kilo\n", "compute = kilo: the releases are"),
        ("[DEFAULT]\ntransport_url = bogus://x/\n", "transport_url: Failed to load"),
        ("[DEFAULT]\ntransport_url = rabbit://u:secret@h:1:2/\n", "h:1:2 is no host with a port"),
        ("[DEFAULT]\nexecutor_thread_pool_size = 0\n", "executor_thread_pool_size = 0: at least"),
        ("[database]\nconnection = sqlite:/nonsense\n", "Could not parse SQLAlchemy URL"),
        ("[database]\nconnection = mysql+pymysql://h:notaport/x\n", "notaport"),
        ("[DEFAULT]\nlog_file = /nonesuch/x.log\n", "/nonesuch/x.log"),
        ("[DEFAULT]\nlog_config_append = /nonesuch\n", "/nonesuch"),
        ("nonsense //u:secret@h/x", "Failed to parse {file}"),
    ],
)
def test_what_cannot_be_is_one_line_at_the_start(
    tmp_path: pathlib.Path, text: str, said: str
) -> None:
    file = tmp_path / "wrong.conf"
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "shim", "conductor", "--config-file", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said.format(file=file) in line
    assert "secret" not in line


@pytest.mark.parametrize("option", ["bogus=1", "connect_timeout=abc"])
def test_an_option_in_the_url_that_is_none(option: str) -> None:
    pytest.importorskip("pymysql")
    code, output = run("db", "check", f"mysql+pymysql://u:secret@127.0.0.1:1/x?{option}")
    (line,) = output.splitlines()
    assert code == 2
    assert line.startswith(f"Error: mysql+pymysql://u:***@127.0.0.1:1/x?{option}: ")


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("command", ["check", "init"])
@pytest.mark.parametrize(
    "driver", [("mysql+pymysql", "pymysql"), ("postgresql+psycopg2", "psycopg2")]
)
def test_a_server_that_does_not_answer(command: str, driver: tuple[str, str]) -> None:
    dialect, module = driver
    pytest.importorskip(module)
    with silent() as port:
        url = f"{dialect}://u:secret@127.0.0.1:{port}/x"
        done = subprocess.run(
            [sys.executable, "-P", "-m", "shim", "db", command, url],
            env={**os.environ, "OS_DATABASE__CALL_TIMEOUT": "1"},
            capture_output=True,
            text=True,
            timeout=20,
        )
    said = f"Error: {url.replace('secret', '***')}: no answer for 1 s ([database] call_timeout)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_a_server_that_is_not_there() -> None:
    """What its driver says in two lines is one."""
    pytest.importorskip("psycopg2")
    code, output = run("db", "check", "postgresql+psycopg2://u:secret@127.0.0.1:1/x")
    (line,) = output.splitlines()
    assert code == 1
    assert line.startswith("postgresql+psycopg2://u:***@127.0.0.1:1/x: cannot connect: ")


def test_the_default_config_file(tmp_path: pathlib.Path) -> None:
    """It holds for the command as for whoever uses the objects."""
    (tmp_path / ".shim").mkdir()
    url = f"sqlite:///{tmp_path / 'of_the_file.sqlite'}"
    (tmp_path / ".shim" / "shim.conf").write_text(f"[database]\nconnection = {url}\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "shim", "db", "init"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, f"{url}: created\n"), done.stderr


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("rabbit://u:secret@h:1/,u:secret@i:1/", "rabbit://u:***@i:1/"),
        ("no URL: mysql//u:se/cret@h/x", "no URL: mysql//u:***@h/x"),
        ("sqlite:////tmp/x and http://[::1]:80/", "sqlite:////tmp/x and http://[::1]:80/"),
    ],
)
def test_passwords_are_hidden(text: str, hidden: str) -> None:
    assert conf.without_password(text) == hidden


def test_its_version() -> None:
    code, output = run("--version")
    assert code == 0
    assert output.startswith("shim, version ")


def test_the_readmes_example(tmp_path: pathlib.Path) -> None:
    """With nothing configured: made in one process, read in another; and once more."""
    import re

    readme = (pathlib.Path(cli.__file__).parent / "README.md").read_text()
    made, read = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[:2]
    environment = {
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(pathlib.Path(cli.__file__).parents[1]),
    }
    for program in (made, read, made, read):
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
        "migrating instance-00000002",
    ]
    assert (tmp_path / ".local" / "state" / "shim" / "nova.sqlite").exists()
