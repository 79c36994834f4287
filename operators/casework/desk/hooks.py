"""Who else is expected to open a file (a stand-in), as upper subjects know."""

from collections.abc import Callable

from cep_portal.common.hooks import Hook
from operators.casework.pathways.hooks import OpenFile

# Whether the user now follows the person; one query.
ASSIGNMENTS = Hook[Callable[[OpenFile], bool]]("stand-ins of a file")


def is_entrusted(opened: OpenFile) -> bool:
    return any(answer(opened) for answer in ASSIGNMENTS)
