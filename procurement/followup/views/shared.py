from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from cep_portal.accounts.models import SignedRequest
from cep_portal.documents.services import file_response
from procurement.followup import selectors
from procurement.followup.enums import PenaltyState
from procurement.followup.hooks import figure_shown
from procurement.followup.models import Penalty
from procurement.followup.presenters import penalty_rows, penalty_totals

PAGE_SIZE = 50
LETTERS = {"invitation": "notice", "decision": "decision_letter"}
STATE_SLUGS = {
    "proposees": PenaltyState.PROPOSED,
    "notifiees": PenaltyState.NOTIFIED,
    "observees": PenaltyState.OBSERVED,
    "sans-observation": PenaltyState.SILENT,
    "appliquees": PenaltyState.APPLIED,
    "reduites": PenaltyState.REDUCED,
    "levees": PenaltyState.WAIVED,
    "abandonnees": PenaltyState.DROPPED,
}
FILTER_LABELS = {
    PenaltyState.PROPOSED: "Proposées",
    PenaltyState.NOTIFIED: "Notifiées",
    PenaltyState.OBSERVED: "Observées",
    PenaltyState.SILENT: "Sans observation",
    PenaltyState.APPLIED: "Appliquées",
    PenaltyState.REDUCED: "Réduites",
    PenaltyState.WAIVED: "Levées",
    PenaltyState.DROPPED: "Abandonnées",
}


def penalty_or_404(request: SignedRequest, uuid: UUID) -> Penalty:
    return get_object_or_404(selectors.penalty_file(user=request.user), uuid=uuid)


def wanted(query: QueryDict) -> dict[str, str]:
    """The filters of the URL; what is not understood is not asked."""
    return {
        "state": STATE_SLUGS.get(query.get("etat", ""), ""),
        "contract": _uuid_text(query.get("contrat", "")),
    }


def state_filter(query: QueryDict, counts: dict[str, int]) -> list[dict]:
    """The states as links that keep the other filters."""
    chosen = query.get("etat", "")
    items = [("", "Toutes", sum(counts.values()))]
    items += [(slug, FILTER_LABELS[state], counts.get(state, 0)) for slug, state in STATE_SLUGS.items()]
    links = [
        {
            "label": label,
            "url": _url(query, slug),
            "current": chosen == slug,
            "count": count,
        }
        for slug, label, count in items
    ]
    return [{"label": "État", "items": links}]


def list_context(request: SignedRequest, penalties: QuerySet[Penalty]) -> dict:
    """A page of penalties as rows, and what they come to."""
    page = Paginator(penalties, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    return {
        "page": page,
        "rows": penalty_rows(shown, on=timezone.localdate()),
        "totals": penalty_totals(shown),
    }


def file_context(*, penalty: Penalty, figure_url: str) -> dict:
    """What both desks read of a penalty."""
    contract = penalty.version.commitment.contract
    return {
        "penalty": penalty,
        "is_open": penalty.observations_due_on is not None
        and timezone.localdate() <= penalty.observations_due_on,
        "version": penalty.version,
        "contract": contract,
        "figure": figure_shown(penalty),
        "figure_url": figure_url,
        "charges": selectors.charges(contract=contract) if penalty.decided_at is not None else None,
    }


def letter_response(penalty: Penalty, letter: str) -> HttpResponse:
    document = getattr(penalty, LETTERS[letter]) if letter in LETTERS else None
    if document is None:
        raise Http404
    return file_response(document)


def _url(query: QueryDict, slug: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    changed.pop("etat", None)
    if slug:
        changed["etat"] = slug
    return f"?{changed.urlencode()}"


def _uuid_text(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
