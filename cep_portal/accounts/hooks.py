"""What accounts must know of the apps above."""

from collections.abc import Callable

from cep_portal.common.hooks import Hook

REGIONS = Hook[Callable[[], dict[str, str]]]("names of regions by INSEE code")


def region_names() -> dict[str, str]:
    """The names of the regions by INSEE code; empty when nobody tells them."""
    return {code: name for names in REGIONS for code, name in names().items()}
