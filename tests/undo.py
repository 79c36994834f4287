"""The button that takes the last act back, pressed as a browser presses it."""

import re
from html import unescape
from typing import Any

OFFER = re.compile(r'<form method="post" action="([^"]+)" class="undo">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def offered(page: Any) -> tuple[str, dict[str, str]] | None:
    """Where the button posts, and what; None when the page offers nothing."""
    offer = OFFER.search(page.text)
    if offer is None:
        return None
    return unescape(offer[1]), {name: unescape(value) for name, value in FIELD.findall(offer[2])}


def press_undo(client: Any, page: Any) -> Any:
    """The page that answers the button of this page."""
    offer = offered(page)
    assert offer is not None, "nothing is offered"
    return client.post(*offer, follow=True)
