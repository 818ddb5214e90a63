# SPDX-License-Identifier: Apache-2.0
"""What is configured is what is used."""

import pathlib
import subprocess
import sys

import pytest
from oslo_config import cfg

from shim import conf

MAKE = """
from shim import conf, context, objects
{before}
ctx = context.get_admin_context()
objects.Service(ctx, host="h", binary="b", topic="t").create()
{after}
"""

#: Where the package is that is tested, installed or not.
CODE = str(pathlib.Path(conf.__file__).parents[1])


def run(
    folder: pathlib.Path, before: str = "", after: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAKE.format(before=before, after=after)],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": CODE, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def there(folder: pathlib.Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.sqlite"))


def test_the_environment_holds_from_the_first_use_on(tmp_path: pathlib.Path) -> None:
    url = f"sqlite:///{tmp_path / 'mine.sqlite'}"
    done = run(tmp_path, OS_DATABASE__CONNECTION=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert there(tmp_path) == ["mine.sqlite"]


def test_a_default_file_holds_from_the_first_use_on(tmp_path: pathlib.Path) -> None:
    file = f"[database]\nconnection = sqlite:///{tmp_path / 'mine.sqlite'}\n"
    (tmp_path / "shim.conf").write_text(file)
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert there(tmp_path) == ["mine.sqlite"]


def test_too_late_is_an_error_and_changes_nothing(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "other.conf"
    file.write_text(f"[database]\nconnection = sqlite:///{tmp_path / 'other.sqlite'}\n")
    mine = f"sqlite:///{tmp_path / 'mine.sqlite'}"
    (tmp_path / "shim.conf").write_text(f"[database]\nconnection = {mine}\n")
    late = f"""
try:
    conf.configure(config_files=[{str(file)!r}])
except conf.InUse as error:
    print(error)
conf.configure()
print(conf.CONF.database.connection == {mine!r}, objects.ServiceList.get_all(ctx)[0].host)
"""
    done = run(tmp_path, after=late)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "too late: [database] connection would change, and is in use already",
        "True h",
    ]
    assert there(tmp_path) == ["mine.sqlite"]


def test_a_program_that_has_read_its_own_files(tmp_path: pathlib.Path) -> None:
    """It shares oslo.config's options, and what it read holds."""
    file = tmp_path / "own.conf"
    file.write_text(f"[database]\nconnection = sqlite:///{tmp_path / 'own.sqlite'}\n")
    own = f"conf.CONF([], project='own', default_config_files=[{str(file)!r}])"
    done = run(tmp_path, before=own)
    assert (done.returncode, done.stderr) == (0, "")
    assert there(tmp_path) == ["own.sqlite"]


def test_a_value_that_is_none_is_found_out_at_once(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "wrong.conf"
    file.write_text("[conductor]\nworkers = abc\n")
    try:
        with pytest.raises(cfg.ConfigFileValueError, match="workers"):
            conf.configure(config_files=[str(file)])
    finally:
        conf._read((), ())
