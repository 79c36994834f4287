"""What came of the appointments of a day that is over: sessions, absences, closings, answers."""

from datetime import datetime, timedelta

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import ServiceRequest
from cep_portal.common.days import local_day
from cep_portal.demo.dataset.history import (
    CANCELLED_BY_OPERATOR,
    CANCELLED_BY_PERSON,
    draw_long,
    draw_short,
)
from cep_portal.demo.dataset.scale import ANSWER_SHARE, OUTCOMES, SATISFIED, SCALES, THEMES
from cep_portal.demo.living.fates import fate
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.models import Adviser
from reporting.surveys.models import Survey
from reporting.surveys.services import answer_survey

FICTIONAL = "@personnes.example"  # how each person of the demonstration is marked
LEFT_TO_LOG, LEFT_FOR = 0.3, timedelta(days=6)
USUAL = SCALES["small"]


def play_past(*, until: datetime, root: str, learner: Adviser | None = None) -> None:
    """Give each fictional appointment that ended before an instant what came of it; some wait a while.

    Those of a `learner` all wait: it is for who learns to say what came of them.
    """
    ended = Appointment.objects.to_log(until).filter(beneficiary__email__endswith=FICTIONAL)
    related = ("beneficiary", "site__contract", "site__commune__department")
    for appointment in ended.select_related(*related).order_by("period", "pk"):
        is_learned = learner is not None and appointment.adviser_id == learner.pk
        if not (is_learned and appointment.starts_at > until - LEFT_FOR):
            _play(appointment, until=until, root=root)


def answer_surveys(*, until: datetime, root: str) -> None:
    """Answer the surveys sent on the day before last: one chance each."""
    sent = Survey.objects.filter(
        sent_at__range=(until - timedelta(days=2), until - timedelta(days=1)),
        answered_at=None,
        pathway__beneficiary__email__endswith=FICTIONAL,
    )
    for survey in sent.select_related("pathway__region", "pathway__beneficiary").order_by("pk"):
        draws = fate(root, "survey", survey.pathway.beneficiary.email)
        if draws.random() < ANSWER_SHARE:
            happy = draws.random() < SATISFIED[survey.level]
            mark = draws.choice((3, 4, 4) if happy else (1, 2, 2))
            answer_survey(survey=survey, satisfaction=mark, now=until - timedelta(hours=4))


def _play(appointment: Appointment, *, until: datetime, root: str) -> None:
    draws = fate(root, "appointment", appointment.adviser_id, appointment.starts_at.timestamp())
    luck, is_forgotten = draws.random(), draws.random() < LEFT_TO_LOG
    cancelled = CANCELLED_BY_PERSON + CANCELLED_BY_OPERATOR
    if luck < cancelled:
        appointment.state = AppointmentState.CANCELLED
        appointment.cancelled_by = "PERSON" if luck < CANCELLED_BY_PERSON else "OPERATOR"
        before = appointment.starts_at - timedelta(minutes=draws.randrange(150, 3000))
        appointment.cancelled_at = max(before, appointment.booked_at or before)
    elif luck < cancelled + USUAL.no_show_share:
        appointment.state = AppointmentState.NO_SHOW
    elif is_forgotten and appointment.starts_at > until - LEFT_FOR:
        return
    else:
        appointment.state = AppointmentState.ATTENDED
    appointment.save(update_fields=["state", "cancelled_by", "cancelled_at"])
    if appointment.state == AppointmentState.ATTENDED:
        _log(appointment, draws, until=until, root=root)


def _log(appointment: Appointment, draws, *, until: datetime, root: str) -> None:
    pathway = _pathway(appointment)
    done = pathway.sessions.count() + 1
    last = done >= len(_levels(pathway, root))
    logged = appointment.starts_at + timedelta(minutes=65 + int(draws.expovariate(1 / 240)))
    CounsellingSession.objects.create(
        pathway=pathway,
        appointment=appointment,
        adviser_id=appointment.adviser_id,
        site=appointment.site,
        starts_at=appointment.starts_at,
        zone=appointment.site.zone,
        duration_minutes=draws.choice((45, 50, 60, 60, 60)),
        level=appointment.level,
        mode=appointment.mode,
        themes=draws.sample(THEMES, draws.choice((1, 2, 2, 3))),
        next_step="CLOSE" if last else "NEXT_SESSION",
        recorded_at=min(logged, until),
    )
    if last:
        pathway.state, pathway.closed_at = PathwayState.CLOSED, min(appointment.ends_at, until)
        pathway.outcome = draws.choices(*zip(*OUTCOMES, strict=True))[0]
        pathway.save(update_fields=["state", "closed_at", "outcome"])
    asked = ServiceRequest.objects.filter(pk=appointment.service_request_id)
    asked.exclude(state=RequestState.SERVED).update(state=RequestState.SERVED)


def _pathway(appointment: Appointment) -> Pathway:
    """The open pathway of the person at this operator, else the one that this session enters."""
    contract = appointment.site.contract
    pathway, _ = Pathway.objects.get_or_create(
        beneficiary=appointment.beneficiary,
        contract=contract,
        state=PathwayState.OPEN,
        defaults={
            "region_id": appointment.site.commune.department.region_id,
            "service_request_id": appointment.service_request_id,
            "adviser_id": appointment.adviser_id,
            "entered_on": local_day(appointment.starts_at, appointment.site.zone),
        },
    )
    return pathway


def next_level(pathway: Pathway, root: str) -> str:
    """The level of a pathway's next session."""
    levels = _levels(pathway, root)
    return levels[min(pathway.sessions.count(), len(levels) - 1)]


def _levels(pathway: Pathway, root: str) -> list[str]:
    """The levels of the sessions that a pathway will have had."""
    draws = fate(root, "pathway", pathway.beneficiary.email, pathway.entered_on)
    if draws.random() >= USUAL.level_two_share:
        return ["ONE"] * draw_short(draws)
    count, ones = draw_long(draws), draws.choice((0, 1, 1, 2))
    return ["ONE"] * ones + ["TWO"] * (count - ones)
