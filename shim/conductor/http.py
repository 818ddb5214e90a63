# SPDX-License-Identifier: Apache-2.0
"""``/health`` and ``/metrics`` over HTTP, on an address that the operator chooses."""

from __future__ import annotations

import dataclasses
import http.server
import json
import os
import pathlib
import shutil
import socket
import threading
from typing import Any

from shim import metrics
from shim.conductor import status
from shim.conf import CONF


def count() -> None:
    """Count from now on, in a folder for this process and those that it starts."""
    parent = pathlib.Path(CONF.conductor.status_path)
    for left in parent.glob("metrics-*"):
        if not status.is_there(int(left.name.partition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"metrics-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    metrics.enable(folder)


def serve() -> http.server.ThreadingHTTPServer:
    """Answer, in threads of this process. OSError when the address cannot be had."""
    server = _Server(CONF.conductor.http_host, CONF.conductor.http_port)
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    return server


def health() -> tuple[int, bytes]:
    """The HTTP status, 200 when every process of this conductor serves, and what they say."""
    mine = (CONF.host, CONF.conductor.topic)
    found = [one for one in status.of_all() if (one.host, one.topic) == mine]
    code = 200 if found and all(one.is_serving for one in found) else 503
    return code, json.dumps([dataclasses.asdict(one) for one in found]).encode()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family = found[0][0]
        super().__init__((host, port), _Handler)


class _Handler(http.server.BaseHTTPRequestHandler):
    #: Seconds that somebody who is connected has to ask.
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/health":
            self._answer(*health(), "application/json")
        elif self.path == "/metrics":
            self._answer(200, metrics.exposition(), "text/plain; version=0.0.4; charset=utf-8")
        else:
            self._answer(404, b"there are /health and /metrics\n", "text/plain")

    def _answer(self, code: int, body: bytes, content_type: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """An operator's monitor asks often."""
