"""E-mail out: one message at a time, by the server that the installation names, never without encryption over a net."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from flask import current_app

from qa.core.settings import Settings

TIMEOUT_SECONDS = 20
_HERE = ("localhost", "127.0.0.1", "::1")


class NotSent(Exception):
    """The server could not be reached, or did not take the message."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message, and the page that it leads to."""

    said: str
    path: str


def is_set_up() -> bool:
    """Whether the installation names a server and its own address."""
    settings: Settings = current_app.config["SETTINGS"]
    return bool(settings.smtp_url and settings.mail_from and settings.public_url)


def send(to: str, lines: Sequence[Line], *, message_id: str) -> None:
    """Send one message. Raises NotSent. The same *message_id* again is known to mail programs as the same message."""
    settings: Settings = current_app.config["SETTINGS"]
    message = _message(settings, to, lines, message_id)
    try:
        with _server(settings.smtp_url) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(type(error).__name__) from error


def reach() -> None:
    """Connect to the server and sign in, without sending anything. Raises NotSent."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with _server(settings.smtp_url) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(type(error).__name__) from error


def _message(settings: Settings, to: str, lines: Sequence[Line], message_id: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    one = " ".join(lines[0].said.split())
    message["Subject"] = f"Second Look: {one}" if len(lines) == 1 else f"Second Look: {len(lines)} things wait for you"
    message["From"] = Address("Second Look", addr_spec=settings.mail_from)
    message["To"] = _address(to)
    message["Message-ID"] = f"<{message_id}@{settings.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    base = settings.public_url.rstrip("/")
    said = "\n\n".join(f"{' '.join(line.said.split())}\n{base}{line.path}" for line in lines)
    message.set_content(f"{said}\n\n-- \nHow you are told: {base}/account/notices\n")
    return message


def _address(to: str) -> Address:
    """*to* as a header takes it. Raises NotSent: one bad address must not keep all others waiting."""
    try:
        return Address(addr_spec=to)
    except (MessageError, ValueError, LookupError, AttributeError) as error:  # the parser falls over some of them
        raise NotSent("no address that can be written to") from error


def _server(url: str) -> smtplib.SMTP:
    """A connection to the server at *url*: smtps://, or smtp:// with STARTTLS, which only this machine may lack."""
    where = urlsplit(url)
    host = where.hostname or ""
    if where.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, where.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, where.port or 587, timeout=TIMEOUT_SECONDS)
        if host not in _HERE:
            server.starttls(context=ssl.create_default_context())
    if where.username:
        server.login(unquote(where.username), unquote(where.password or ""))
    return server
