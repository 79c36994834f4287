"""Why files were opened, for those who open them and for the person."""

from collections.abc import Sequence

from cep_portal.accounts.models import AuditEvent
from operators.casework.desk import selectors
from operators.casework.desk.enums import FileReasonKind
from operators.casework.desk.models import FileReason
from operators.casework.pathways.hooks import Gate, OpenFile


def file_gate(opened: OpenFile) -> Gate:
    """Open to who follows the person, or said why today; else the page where it is asked."""
    if selectors.is_assigned(pathway=opened.pathway, user=opened.user, now=opened.now):
        return Gate()
    reason = selectors.reason_of_day(pathway=opened.pathway, user=opened.user, now=opened.now)
    if reason is None:
        return Gate(url_name="operators:file_reason")
    return Gate(data={"reason": reason.pk})


def reasons_given(lines: Sequence[AuditEvent]) -> dict[int, str]:
    """By line of the journal, the reason that was given, as the person reads it; one query."""
    keys = {line.pk: line.data["reason"] for line in lines if isinstance(line.data.get("reason"), int)}
    given = FileReason.objects.in_bulk(set(keys.values()))
    return {line: _said(given[key]) for line, key in keys.items() if key in given}


def _said(reason: FileReason) -> str:
    return FileReasonKind.said_to_the_person.get(reason.kind, reason.text)
