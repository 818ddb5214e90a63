# SPDX-License-Identifier: Apache-2.0
"""A server's port on a leash: it can be closed, cut or frozen while the server goes on."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from types import TracebackType


class Proxy:
    """Passes what comes to its ``port`` on to the server, and back."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flows = threading.Event()
        self._flows.set()
        self._is_closed = False
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close()
        self._flows.set()
        # A listener that is only closed goes on waiting in its thread.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _begin(self, work: Callable[..., None], *args: socket.socket) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                here, _address = self._listener.accept()
            except OSError:
                return
            if self._is_closed:
                here.close()
                continue
            there = socket.create_connection(self._server)
            self._pairs.append((here, there))
            self._begin(self._pass, here, there)

    def _pass(self, here: socket.socket, there: socket.socket) -> None:
        with here, there, contextlib.suppress(OSError, ValueError):
            while True:
                for ready in select.select([here, there], [], [])[0]:
                    self._flows.wait()
                    data = ready.recv(65536)
                    if not data:
                        return
                    (there if ready is here else here).sendall(data)

    def freeze(self) -> None:
        """Take connections and data, and pass nothing on."""
        self._flows.clear()

    def thaw(self) -> None:
        """Pass on again, what was taken first."""
        self._flows.set()

    def cut(self) -> None:
        """End every connection."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Refuse new connections and end the others; ``open`` takes it back."""
        self._is_closed = True
        self.cut()

    def open(self) -> None:
        """Take connections again."""
        self._is_closed = False
