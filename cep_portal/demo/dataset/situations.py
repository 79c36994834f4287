"""Situations of the named adviser’s pathways and how they change, by the services that serve real people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.db.models import Q

from beneficiaries.request.enums import Need
from cep_portal.accounts.models import User
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.situations import selectors
from operators.casework.situations.enums import EmploymentStatus, SituationPart
from operators.casework.situations.selectors.facts import Facts
from operators.casework.situations.services import ask_rectification, change_situation, correct_situation

WITH_SITUATION = 24
# status, contract, profession, sector, size of the employer, diploma
PROFILES = (
    ("EMPLOYEE", "CDI", "55", "NAF2.G", "10-49", "4"),
    ("EMPLOYEE", "CDD", "56", "NAF2.Q", "50-249", "3"),
    ("EMPLOYEE", "CDI", "54", "NAF2.N", "1-9", "5"),
    ("SELF_EMPLOYED", "IND", "21", "NAF2.F", "0", "3"),
    ("EMPLOYEE", "INT", "67", "NAF2.C", "250-4999", "0"),
    ("EMPLOYEE", "CDI", "47", "NAF2.C", "50-249", "5"),
    ("EMPLOYEE", "CDI", "46", "NAF2.K", "5000+", "6"),
    ("EMPLOYEE", "CDI", "64", "NAF2.H", "10-49", ""),
)
CHANGES = (
    {"status": EmploymentStatus.JOB_SEEKER, "contract_type": "", "reasons": (Need.CHANGE_JOB, Need.TRAINING)},
    {"reasons": (Need.TRAINING,)},
    {"status": EmploymentStatus.IN_TRAINING, "contract_type": "", "reasons": (Need.TRAINING,)},
    {"reasons": (Need.CREATE_BUSINESS,)},
)


def build_situations(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """A situation at the entry of the latest pathways; some change, one was corrected, one is asked to be."""
    user = User.objects.get(email="conseil@operateurs.example")
    user.mandate = user.mandates.order_by("pk").first()
    found = Pathway.objects.filter(adviser__user=user, state=PathwayState.OPEN)
    found = found.select_related("beneficiary__user", "adviser__site__commune", "service_request__commune")
    named = Q(beneficiary__user__email="camille@personnes.example")
    pathways = [*found.filter(named), *found.exclude(named).order_by("-entered_on", "-pk")[:WITH_SITUATION]]
    for place, pathway in enumerate(pathways):
        _lay(pathway, place, by=user, now=now)
    if pathways:
        one = pathways[-1]
        asked_by = one.beneficiary.user or user
        ask_rectification(
            pathway=one, parts=[SituationPart.PROFESSION], by=asked_by, now=now - timedelta(days=1)
        )
    tell("situations")


def _lay(pathway: Pathway, place: int, *, by: User, now: datetime) -> None:
    facts = _at_entry(pathway, place)
    first_day = datetime.combine(pathway.entered_on, time(16), UTC)
    first = change_situation(
        pathway=pathway, starts_on=pathway.entered_on, facts=facts, by=by, now=min(first_day, now)
    )
    if place % 8 == 5:
        better = replace(facts, diploma="6")
        correct_situation(
            situation=first, starts_on=first.starts_on, facts=better, by=by, now=now - timedelta(hours=3)
        )
        facts = better
    middle = pathway.entered_on + (now.date() - pathway.entered_on) / 2
    if place % 3 == 0 and middle > pathway.entered_on:
        changed = replace(facts, **CHANGES[place // 3 % len(CHANGES)])
        if changed != facts:
            change_situation(pathway=pathway, starts_on=middle, facts=changed, by=by, now=now)


def _at_entry(pathway: Pathway, place: int) -> Facts:
    """What the person said when asking, and what the first session added."""
    status, contract_type, profession, sector, size, diploma = PROFILES[place % len(PROFILES)]
    said = selectors.proposed_facts(pathway=pathway)
    return replace(
        said,
        reasons=said.reasons or (Need.CHANGE_JOB,),
        status=said.status or status,
        contract_type=contract_type if said.status in ("", status) else "",
        profession=profession,
        sector=sector,
        employer_size=size,
        department_id=pathway.adviser.site.commune.department_id,
        diploma=diploma,
    )
