"""Plans, summaries and referrals of the named adviser, written by the services that serve real people."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.plans.enums import Actor
from operators.casework.plans.models import Action, Occupation
from operators.casework.plans.services import (
    add_target,
    comment_action,
    load_plan_reference,
    tick_action,
    write_action,
    write_objective,
)
from operators.casework.referrals import wording
from operators.casework.referrals.enums import DoorKind, ReferralReason, ReferralState
from operators.casework.referrals.models import Referral, ReferralDoor
from operators.casework.referrals.services import (
    ReferralFacts,
    add_door,
    answer_referral,
    load_doors,
    send_referral,
)
from operators.casework.summaries import documents
from operators.casework.summaries.models import SummaryDocument
from operators.casework.summaries.services import (
    ask_correction,
    propose_summary,
    start_summary,
    write_summary,
)
from operators.network.models import Adviser

DAY = timedelta(days=1)
WITH_PLANS = 8
PERSON = "camille@personnes.example"
OBJECTIVES = (
    (
        "Choisir entre deux métiers",
        "M1502",
        (("Rencontrer quelqu’un du métier", Actor.PERSON, 12), ("Lire deux fiches métier", Actor.PERSON, 5)),
    ),
    (
        "Trouver comment financer la formation",
        "K2111",
        (
            ("Demander deux devis", Actor.PERSON, 20),
            ("Vérifier les droits du compte formation", Actor.ADVISER, 7),
        ),
    ),
    (
        "Mettre le CV à jour",
        "M1607",
        (
            ("Écrire trois réalisations", Actor.PERSON, -3),
            ("Relire le CV ensemble", Actor.ADVISER, 15),
        ),
    ),
)
SUMMARY = {
    "situation": "En emploi, souhaite changer de métier sans perdre de revenu.",
    "strengths": "Accueil, organisation, aisance à l’écrit.",
    "project": "Deux métiers comparés ; le premier est retenu, une formation courte suffit.",
    "advice": "Déposer la demande de financement avant la fin du trimestre.",
}
LOCAL_DOORS = (
    (DoorKind.TRANSITIONS_PRO, "Transitions Pro, antenne de démonstration", "transitions@portes.example"),
    (DoorKind.VAE, "Relais VAE de démonstration", "vae@portes.example"),
    (DoorKind.BUSINESS, "Maison de la création de démonstration", ""),
)


def build_plans(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Plans that moved, summaries and referrals at each state. Same content for a same day."""
    adviser = acting("conseil@operateurs.example")
    load_plan_reference()
    pathways = _pathways(adviser)
    for place, pathway in enumerate(pathways):
        _plan(pathway, place, by=adviser, now=now)
    _summaries(pathways, by=adviser, now=now)
    _referrals(pathways, by=adviser, now=now)
    tell("plans, synthèses et orientations")


def _pathways(adviser: User) -> list[Pathway]:
    """The person of the named account first, then the latest entered."""
    own = Pathway.objects.filter(adviser=Adviser.objects.get(user=adviser), state=PathwayState.OPEN)
    ranked = sorted(
        own.select_related("beneficiary", "adviser__site").order_by("-entered_on", "-pk")[: WITH_PLANS * 4],
        key=lambda pathway: pathway.beneficiary.email != PERSON,
    )
    return ranked[:WITH_PLANS]


def _plan(pathway: Pathway, place: int, *, by: User, now: datetime) -> None:
    written, today = now - 10 * DAY, now.date()
    title, code, actions = OBJECTIVES[place % len(OBJECTIVES)]
    objective = write_objective(pathway=pathway, title=title, by=by, now=written)
    occupation = Occupation.objects.filter(code=code).first()
    if occupation is not None:
        add_target(pathway=pathway, occupation=occupation, by=by, now=written)
    own = [
        write_action(
            objective=objective, title=text, actor=actor, due_on=_due(today, days), by=by, now=written
        )
        for text, actor, days in actions
    ]
    person = pathway.beneficiary.user
    if person is not None:
        _moves(own, person, now=now)


def _due(today: date, days: int) -> date:
    return today + days * DAY


def _moves(actions: list[Action], person: User, *, now: datetime) -> None:
    """What the next session opens on."""
    person = acting(person.email)
    first, *others = actions
    tick_action(action=first, comment="C’était plus simple que prévu.", by=person, now=now - 2 * DAY)
    for action in others:
        comment_action(action=action, comment="Je m’en occupe lundi.", by=person, now=now - DAY)


def _summaries(pathways: list[Pathway], *, by: User, now: datetime) -> None:
    """One accepted by the named person; others proposed, late, to correct and being written."""
    states = ("proposed", "late", "to correct", "draft")
    others = [pathway for pathway in pathways if pathway.beneficiary.user is None]
    for pathway in pathways:
        if pathway.beneficiary.user is not None:
            person = acting(pathway.beneficiary.user.email)
            proposal = _proposal(pathway, by=by, now=now - 4 * DAY)
            documents.accept(summary=proposal, revision=proposal.revision, by=person, now=now - 3 * DAY)
    for state, pathway in zip(states, others, strict=False):
        if state == "draft":
            _draft(pathway, by=by, now=now)
            continue
        proposal = _proposal(pathway, by=by, now=now - (9 * DAY if state == "late" else DAY))
        if state == "to correct":
            _ask_correction(proposal, pathway.beneficiary, now=now)


def _draft(pathway: Pathway, *, by: User, now: datetime) -> SummaryDocument:
    summary = start_summary(pathway=pathway, by=by, now=now)
    return write_summary(summary=summary, words=SUMMARY, by=by, now=now)


def _proposal(pathway: Pathway, *, by: User, now: datetime) -> SummaryDocument:
    return propose_summary(summary=_draft(pathway, by=by, now=now), by=by, now=now)


def _ask_correction(proposal: SummaryDocument, person: Beneficiary, *, now: datetime) -> None:
    """Said in the space: this person gets an account, as the first sign-in by code makes one."""
    person.user = User(email=person.email, first_name=person.first_name, last_name=person.last_name)
    person.user.set_unusable_password()
    person.user.save()
    person.save(update_fields=["user"])
    ask_correction(
        summary=proposal, words="Ajoutez mon expérience bénévole.", by=person.user, now=now - DAY / 2
    )


def _referrals(pathways: list[Pathway], *, by: User, now: datetime) -> None:
    load_doors(now=now)
    manager = acting("responsable@operateurs.example")
    region = pathways[0].region_id
    doors = [_door(region, kind, name, email, by=manager, now=now) for kind, name, email in LOCAL_DOORS]
    waiting, accepted, done = (
        _refer(pathway, door, by=by, now=now - days * DAY)
        for pathway, door, days in zip(pathways, doors, (4, 12, 30), strict=False)
    )
    del waiting  # nobody has answered it yet
    answer_referral(
        referral=accepted, state=ReferralState.ACCEPTED, note="Premier échange mardi.", by=None, now=now - DAY
    )
    answer_referral(referral=done, state=ReferralState.DONE, note="", by=by, now=now - 5 * DAY)


def _door(region: str, kind: DoorKind, name: str, email: str, *, by: User, now: datetime) -> ReferralDoor:
    facts = {
        "kind": kind,
        "name": name,
        "what": "Un partenaire inventé, pour montrer les orientations.",
        "website": "",
        "phone": "",
        "email": email,
        "how": "Sur rendez-vous.",
        "region_codes": [region],
        "department_codes": [],
        "is_active": True,
    }
    return add_door(facts=facts, by=by, now=now)


def _refer(pathway: Pathway, door: ReferralDoor, *, by: User, now: datetime) -> Referral:
    reason, note = ReferralReason.RETRAIN, "Souhaite un premier échange par téléphone."
    text = wording.transmitted(pathway=pathway, reason=reason, note=note, shares=())
    return send_referral(
        pathway=pathway,
        door=door,
        facts=ReferralFacts(reason=reason, note=note, shares=(), shown=wording.fingerprint(text)),
        consented=True,
        by=by,
        now=now,
    )
