# SPDX-License-Identifier: Apache-2.0
"""What the processes of a conductor say of themselves, in a folder where others may write."""

import fcntl
import json
import os
import pathlib
import shutil
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from shim.conductor import http, status
from shim.conf import CONF


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    CONF.set_override("status_path", str(tmp_path / "status"), group="conductor")
    yield tmp_path / "status"
    CONF.clear_override("status_path", group="conductor")


def test_what_is_said_is_read(folder: pathlib.Path) -> None:
    mine = status.StatusFile()
    mine.say(status.NO_DATABASE, "gone")
    (said,) = status.of_all()
    assert (said.pid, said.state, said.reason) == (os.getpid(), status.NO_DATABASE, "gone")
    mine.say(status.SERVING)
    since = next(status.of_all()).since
    mine.say(status.SERVING)
    (said,) = status.of_all()
    assert (said.is_serving, said.since) == (True, since)
    mine.say(status.ENDING)
    mine.say(status.SERVING)
    assert [one.state for one in status.of_all()] == [status.ENDING]
    mine.remove()
    assert list(folder.iterdir()) == []


def test_a_number_that_is_anothers_by_now(folder: pathlib.Path) -> None:
    """As after a failure of the power: the file is there, and so is a process of that number."""
    mine = status.StatusFile()
    mine.say(status.SERVING)
    assert mine._life is not None
    mine._life.close()
    assert list(status.of_all()) == []
    assert list(folder.iterdir()) == []


def test_a_folder_that_somebody_cleans_up(folder: pathlib.Path) -> None:
    mine = status.StatusFile()
    mine.say(status.SERVING)
    shutil.rmtree(folder)
    assert list(status.of_all()) == []
    mine.say(status.SERVING)
    assert next(status.of_all()).is_serving
    mine.remove()


def test_a_process_that_says_nothing_any_more(folder: pathlib.Path) -> None:
    said = {"pid": 1, "host": "h", "topic": "t", "state": status.SERVING, "since": 0.0}
    one = status.Status(**said, until=time.time() - 1)
    assert not one.is_serving
    assert "serving since 1970" in str(one)
    assert ", silent since 20" in str(one)


@pytest.mark.parametrize(
    "wrong", [{"pid": "1"}, {"since": "x"}, {"state": ["serving"]}, {"more": 1}, [1], "text"]
)
def test_a_file_that_somebody_else_wrote(folder: pathlib.Path, wrong: Any) -> None:
    mine = status.StatusFile()
    mine.say(status.SERVING)
    path = folder / f"{os.getpid()}.json"
    there = json.loads(path.read_text())
    path.write_text(json.dumps({**there, **wrong} if isinstance(wrong, dict) else wrong))
    assert list(status.of_all()) == []
    path.write_text(json.dumps({**there, "since": 1e300}))
    assert "since 1e+300" in str(next(status.of_all()))
    mine.remove()


def test_a_link_in_its_place(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "valuable").write_text("valuable")
    folder.mkdir()
    for name in (f"{os.getpid()}.json", f"{os.getpid()}.new"):
        (folder / name).symlink_to(tmp_path / "valuable")
    mine = status.StatusFile()
    mine.say(status.SERVING)
    assert next(status.of_all()).is_serving
    mine.remove()
    assert (tmp_path / "valuable").read_text() == "valuable"


def test_a_folder_that_cannot_be_written(tmp_path: pathlib.Path, caplog: Any) -> None:
    (tmp_path / "status").touch()
    CONF.set_override("status_path", str(tmp_path / "status"), group="conductor")
    mine = status.StatusFile()
    mine.say(status.STARTING)
    mine.say(status.SERVING)
    mine.remove()
    CONF.clear_override("status_path", group="conductor")
    (record,) = caplog.records
    assert "will not know of this process" in record.getMessage()


def test_whoever_connects_and_asks_nothing_is_sent_away(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http._Handler, "timeout", 0.1)
    there = http.serve()
    try:
        with socket.create_connection(there.server_address[:2], timeout=10) as idle:
            assert idle.recv(1) == b""
    finally:
        there.shutdown()
        there.server_close()


def test_an_address_of_ipv6(folder: pathlib.Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no IPv6")
    CONF.set_override("http_host", "::1", group="conductor")
    there = http.serve()
    try:
        assert there.server_address[0] == "::1"
    finally:
        there.shutdown()
        there.server_close()
        CONF.clear_override("http_host", group="conductor")


def test_a_lock_is_of_the_process(folder: pathlib.Path) -> None:
    """Who looks does not take it away."""
    mine = status.StatusFile()
    mine.say(status.SERVING)
    for _ in range(3):
        assert len(list(status.of_all())) == 1
    with pytest.raises(BlockingIOError), (folder / f"{os.getpid()}.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    mine.remove()
