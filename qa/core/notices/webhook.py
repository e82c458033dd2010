"""One POST to an address that somebody typed in: by https, to a public address only, and nowhere else from there.

The name is looked up once, every address that it has must be public, and the connection goes to one of those: a name
that leads inside a moment later leads nowhere. Redirects are not followed, and of the answer only its status is read.
Whoever answers a byte at a time is cut off: all else that waits to be sent waits for it.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import current_app

from qa.core.errors import BadInput, Problem

#: For each wait, and for the whole exchange.
TIMEOUT_SECONDS, WHOLE_SECONDS = 10, 30
#: IPv6 blocks that carry an IPv4 address inside: NAT64 (well known and local) and 6to4, and Teredo.
_CARRIERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
_EXPECTED = "an address that begins with https:// and leads out of this network"


class NotTaken(Exception):
    """The other side could not be reached, or did not take it."""


def check(url: str) -> None:
    """Raise BadInput unless something may be posted to *url*."""
    try:
        _addresses(_parts(url))
    except (ValueError, OSError) as error:
        raise BadInput(Problem(_EXPECTED, field="url")) from error


def post(url: str, said: dict[str, Any]) -> None:
    """Post *said* as JSON. Raises NotTaken, with nothing of the address in it."""
    try:
        parts = _parts(url)
        status = _posted(parts, _addresses(parts)[0], json.dumps(said).encode())
    except (ValueError, OSError, http.client.HTTPException) as error:
        raise NotTaken(type(error).__name__) from error
    if not 200 <= status < 300:
        raise NotTaken(f"the other side answered {status}")


def _inside() -> bool:
    """Whether the installation lets channels lie inside its own network: a server of one's own for chat."""
    return bool(current_app.config["SETTINGS"].channels_inside)


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url.strip())
    schemes = ("https", "http") if _inside() else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise ValueError("no such address")
    if parts.port is not None and not _inside() and parts.port != 443:
        raise ValueError("no such port")
    return parts


def _addresses(parts: SplitResult) -> list[str]:
    """Every address that the name has now. Raises ValueError when one of them is not to be spoken to."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(one[4][0]) for one in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_allowed(one, inside=_inside()) for one in found):
        raise ValueError("not a public address")
    return found


def is_allowed(address: str, *, inside: bool = False) -> bool:
    """Whether an address is public; with *inside*, or of one's own network, but never link-local.

    >>> is_allowed("93.184.216.34"), is_allowed("10.0.0.7"), is_allowed("::ffff:127.0.0.1")
    (True, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    if any(found in block for block in _CARRIERS if block.version == found.version):
        return False
    return inside or (found.is_global and not found.is_reserved)


def _posted(parts: SplitResult, address: str, body: bytes) -> int:
    """The status of the answer; spoken to at *address*, by the name that was asked for."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    line.sock = socket.create_connection((address, port), TIMEOUT_SECONDS)
    end = threading.Timer(WHOLE_SECONDS, _cut, [line])
    end.start()
    try:
        if parts.scheme == "https":
            secure = ssl.create_default_context()
            line.sock = secure.wrap_socket(line.sock, server_hostname=host, do_handshake_on_connect=False)
            line.sock.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", target, body, {"Content-Type": "application/json", "User-Agent": "Second Look"})
        return line.getresponse().status
    finally:
        end.cancel()
        line.close()


def _cut(line: http.client.HTTPConnection) -> None:
    """End an exchange from outside: whoever waits in it meets its end."""
    with suppress(OSError):
        line.sock.shutdown(socket.SHUT_RDWR)
