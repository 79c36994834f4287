"""What summaries add to other subjects, once, in AppConfig.ready()."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.registry import register_release
from beneficiaries.space.registry import Page, register_page, register_panel
from cep_portal.accounts.models import User
from cep_portal.documents.hooks import ISSUED_KINDS, IssuedKind, Standing
from cep_portal.documents.models import StoredDocument
from operators.casework.pathways import registry
from operators.casework.summaries import notices, panels, personal_data, selectors, services


def end_shares(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool) -> None:  # noqa: ARG001 -- a contribution
    """A frozen or erased file is open to nobody: the links given end."""
    services.revoke_shares(beneficiary=beneficiary, now=now, by=by)


def standing(document: StoredDocument) -> Standing | None:
    """Whether a summary is still the one that holds: nothing of the person."""
    found = selectors.standing_of(document)
    return Standing(since=found.superseded_at) if found and found.superseded_at else None


def register() -> None:
    personal_data.declare()
    register_release(end_shares)
    ISSUED_KINDS.add(IssuedKind(notices.DOCUMENT_KIND, standing))
    registry.register_section(
        panels.summary_section,
        title="Document de synthèse",
        template="operators/casework/summaries/section.html",
        order=30,
    )
    registry.register_timeline(panels.summary_happenings)
    registry.register_to_do(panels.awaited_summaries, title="En attente d’un accord", order=40)
    register_panel(
        title="Un document attend votre accord",
        order=15,
        context=panels.awaited_panel,
        template="operators/casework/summaries/panel.html",
    )
    register_page(
        Page(
            slug="synthese",
            title="Mes documents de synthèse",
            text="Les relire, les accepter, les partager.",
            order=30,
            context=panels.summaries_page,
            template="operators/casework/summaries/own_summaries.html",
        )
    )
