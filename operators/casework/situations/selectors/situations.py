from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later
from operators.casework.pathways.models import Pathway
from operators.casework.situations import rules
from operators.casework.situations.models import PathwaySituation, Rectification
from operators.casework.situations.selectors.facts import Facts, facts_of, facts_said
from operators.network.models import Adviser


def pathway_of(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway the user may read, with what its situations show of it."""
    readable = Pathway.objects.visible_to(user).select_related(
        "beneficiary", "adviser__user", "adviser__site", "service_request__commune"
    )
    return readable.filter(uuid=uuid).first()


def history(*, pathway: Pathway) -> QuerySet[PathwaySituation]:
    """Every situation ever written of a pathway, latest start first; those replaced too."""
    rows = PathwaySituation.objects.filter(pathway=pathway).select_related("department", "recorded_by")
    return rows.order_by("-effective__startswith", "-recorded_at", "-pk")


def situation_on(*, pathway: Pathway, day: date) -> PathwaySituation | None:
    """What is true of a person on a day, as known now; `is_asked`: the person asks to correct it."""
    waiting = Rectification.objects.waiting().filter(pathway=OuterRef("pathway"))
    present = PathwaySituation.objects.present().filter(pathway=pathway, effective__contains=day)
    return present.annotate(is_asked=Exists(waiting)).select_related("department").first()


def has_situation(*, pathway: Pathway) -> bool:
    return PathwaySituation.objects.present().filter(pathway=pathway).exists()


def situation_by_uuid(*, user: User, uuid: UUID) -> PathwaySituation | None:
    """A situation that the user may correct; one already replaced is no longer corrected."""
    pathway_situation = PathwaySituation.objects.visible_to(user).present()
    return (
        pathway_situation.select_related("pathway__beneficiary", "pathway__adviser__site")
        .filter(uuid=uuid)
        .first()
    )


def situation_to_correct(*, user: User, uuid: UUID) -> PathwaySituation | None:
    """The situation of an address or, when a colleague corrected it meanwhile, what stands in its place."""
    rows = PathwaySituation.objects.visible_to(user).select_related(
        "pathway__beneficiary", "pathway__adviser__site"
    )
    asked = rows.filter(uuid=uuid).first()
    if asked is None or asked.replaced_at is None:
        return asked
    return rows.present().filter(pathway=asked.pathway_id, effective__contains=asked.starts_on).first()


def proposed_facts(*, pathway: Pathway) -> Facts:
    """What the form opens on: the last situation of the pathway, else of a former one under this contract,
    else what the person said when asking. One query.
    """
    known = PathwaySituation.objects.present().filter(
        pathway__beneficiary=pathway.beneficiary_id, pathway__contract=pathway.contract_id
    )
    rows = list(known.order_by("effective__startswith", "pk"))
    own = [row for row in rows if row.pathway_id == pathway.pk] or rows
    return facts_of(own[-1]) if own else facts_said(pathway.service_request)


def present_pathway(*, beneficiary: Beneficiary) -> Pathway | None:
    """The person's present pathway, else the last one."""
    own = Pathway.objects.filter(beneficiary=beneficiary).select_related(
        "contract__holder", "adviser__site", "service_request__commune"
    )
    return own.order_by(F("closed_at").desc(nulls_first=True), "-entered_on", "-pk").first()


def open_rectification(*, pathway: Pathway) -> Rectification | None:
    return Rectification.objects.waiting().filter(pathway=pathway).first()


def last_rectification(*, pathway: Pathway) -> Rectification | None:
    return Rectification.objects.filter(pathway=pathway).order_by("-asked_at", "-pk").first()


def rectification_by_uuid(*, user: User, uuid: UUID) -> Rectification | None:
    rectification = Rectification.objects.visible_to(user).select_related("pathway__beneficiary")
    return rectification.filter(uuid=uuid).first()


def rectifications_to_answer(*, adviser: Adviser) -> QuerySet[Rectification]:
    """What the people an adviser follows ask to correct, oldest first."""
    waiting = Rectification.objects.waiting().filter(pathway__adviser=adviser)
    return waiting.select_related("pathway__beneficiary").order_by("asked_at", "pk")


def answer_by(rectification: Rectification) -> datetime:
    return months_later(rectification.asked_at, rules.MONTHS_TO_ANSWER)
