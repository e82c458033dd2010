"""What makes two spellings the same person: names of accounts are compared by their key, never as typed."""

from __future__ import annotations

import unicodedata

#: The longest address that mail knows.
LONGEST_EMAIL = 320


def email_key(email: str) -> str:
    """The address as one identity: NFKC, case folded, without white space or characters that do not show.

    >>> email_key(" Ada@Example.ORG ") == email_key("ada@example.org")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).casefold())
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf"))


def is_email(email: str) -> bool:
    """Whether *email* looks like an address: something, one @, something; nothing between them is white space."""
    name, at, host = email.partition("@")
    plain = not any(sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf") for sign in email)
    return bool(name and at and host) and "@" not in host and plain and len(email) <= LONGEST_EMAIL
