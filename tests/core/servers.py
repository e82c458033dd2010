"""A mail server and a chat program, as small as they can be: what is sent to them is kept."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in iter(self.rfile.readline, b""):
            said = line.strip().upper()
            if said == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                if self.server.refuses:
                    self.wfile.write(b"451 not now\r\n")
                    continue
                self.server.messages.append(message_from_bytes(body, policy=policy.default))
            self.wfile.write(b"221 bye\r\n" if said == b"QUIT" else b"250 ok\r\n")
            if said == b"QUIT":
                return


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server: `messages` it took, `refuses` while it takes none."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.messages: list[EmailMessage] = []
        self.refuses = False

    @property
    def url(self) -> str:
        """How the installation names it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.said.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


class Chat(HTTPServer):
    """A chat program: what was `said` to it, and the status that it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.status = 200

    @property
    def url(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=s3cret"


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let *server* answer while the block runs."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
