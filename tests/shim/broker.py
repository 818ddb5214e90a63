# SPDX-License-Identifier: Apache-2.0
"""A RabbitMQ of a test's own, which it may stop, start again, freeze and make drop connections."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

HERE = pathlib.Path(__file__).parent
#: Seconds that it has to end.
PATIENCE = 60


class Broker:
    """The broker, whose data and ports stay the same; it runs when it is made."""

    def __init__(self) -> None:
        if os.getuid() != 0 or shutil.which("rabbitmq-server") is None:
            pytest.skip("a RabbitMQ of one's own takes root and Debian's rabbitmq-server")
        # Not in pytest's folder, where its user does not come.
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.folder.chmod(0o755)
        self.ports = _free_ports(3)
        self.url = f"rabbit://guest:guest@127.0.0.1:{self.ports[0]}/"
        self.start()

    def start(self) -> None:
        command = [HERE / "start-rabbitmq", self.folder, *map(str, self.ports)]
        with (self.folder / "start.log").open("a") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log)

    def stop(self) -> None:
        pid = self._pid()
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while pathlib.Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        os.kill(self._pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid(), signal.SIGCONT)

    def cut(self) -> None:
        """End every connection."""
        subprocess.run(
            ["rabbitmqctl", "--quiet", "close_all_connections", "a test"],
            env={
                **os.environ,
                "RABBITMQ_NODENAME": "shim@localhost",
                "ERL_EPMD_PORT": str(self.ports[2]),
            },
            check=True,
            capture_output=True,
        )

    def close(self) -> None:
        """End it, and Erlang's name server."""
        self.thaw()
        self.stop()
        os.kill(int((self.folder / "epmd.pid").read_text()), signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pid(self) -> int:
        return int((self.folder / "rabbitmq" / "pid").read_text())


def _free_ports(number: int) -> list[int]:
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports
