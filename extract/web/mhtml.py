"""Web archives (.mhtml, .mht, and what Word and WPS save as such): the pages inside, as bytes with their charset."""

from __future__ import annotations

import email
import email.policy
from typing import NamedTuple

from extract.errors import ReadError, shown

_MAX_PARTS = 5_000


class WebPart(NamedTuple):
    """A page of an archive and the charset that its header declares ("" where none)."""

    data: bytes
    charset: str


def pages_of(data: bytes, name: str) -> list[WebPart]:
    """The HTML parts of an archive in their order; raises ReadError `damaged` where it is cut off or has none."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        if len(parts) > _MAX_PARTS:
            raise ReadError("too-large", f"{shown(name)} holds more than {_MAX_PARTS} pages")
        found = []
        for part in parts:
            body = part.get_payload(decode=True)
            charset = part.get_param("charset")
            found.append(WebPart(body if isinstance(body, bytes) else b"", charset if isinstance(charset, str) else ""))
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        raise ReadError("damaged", f"{shown(name)} is a web archive that cannot be read") from error
    if not any(part.data.strip() for part in found):
        raise ReadError("damaged", f"{shown(name)} is a web archive without a page")
    return found
