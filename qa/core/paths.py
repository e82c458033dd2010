"""Where a page may send somebody on to."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def same_site(target: str | None, default: str = "/") -> str:
    r"""*target* when it is a path of this site, else *default*; what a browser might read otherwise is none.

    >>> same_site("/grade?x=1"), same_site("//evil.example"), same_site("/\\evil.example"), same_site("https:x")
    ('/grade?x=1', '/', '/', '/')
    """
    if not target or len(target) > 2000 or not target.startswith("/"):
        return default
    for read in (target, unquote(target), unquote(unquote(target))):
        if read.startswith("//") or "\\" in read or any(ord(sign) < 33 or ord(sign) == 127 for sign in read):
            return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
