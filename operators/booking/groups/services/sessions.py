from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from beneficiaries.request.models import open_file
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.versions import Seen, check_seen
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.models import Absence
from operators.booking.agenda.services import expire_holds
from operators.booking.agenda.services.locks import ADVISER_TWICE, lock_adviser_days, violated
from operators.booking.groups import notices, rules
from operators.booking.groups.enums import GroupState, PlaceState, ReachedWay
from operators.booking.groups.errors import PlaceOver, SessionInvalid, SessionOver
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.network.enums import Mode
from operators.network.models import Adviser, Site
from operators.network.services import locked_advisers, locked_sites


@dataclass(frozen=True)
class MeetingPlan:
    """Where, when and about what people are informed together."""

    site: Site
    starts_at: datetime
    minutes: int
    topic: str
    mode: str
    capacity: int
    video_url: str = ""


@transaction.atomic
def open_group_session(
    *, adviser: Adviser, second_adviser: Adviser | None, meeting: MeetingPlan, by: User, now: datetime
) -> GroupSession:
    """Open a meeting to the public; it takes the time of its advisers and a quarter of an hour after it.

    Raises SessionInvalid when it is past, when a site or adviser is another operator's, when an adviser is
    away or taken, when the site is closed that day.
    """
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    team = [one for one in (adviser, second_adviser) if one is not None]
    if meeting.mode == Mode.VIDEO and not meeting.video_url:
        raise SessionInvalid("Une réunion en visio a un lien.")
    if meeting.starts_at <= now:
        raise SessionInvalid("Cette réunion est déjà passée.")
    _check_team(team, meeting.site, DateTimeTZRange(meeting.starts_at, ends_at))
    expire_holds(now=now)  # a hold that is over still stands in the way
    try:
        with transaction.atomic():
            session = GroupSession.objects.create(
                adviser=adviser,
                second_adviser=second_adviser,
                site=meeting.site,
                topic=meeting.topic,
                mode=meeting.mode,
                period=DateTimeTZRange(meeting.starts_at, ends_at),
                busy_period=DateTimeTZRange(meeting.starts_at, ends_at + rules.BREAK),
                capacity=meeting.capacity,
                video_url=meeting.video_url if meeting.mode == Mode.VIDEO else "",
                created_at=now,
            )
    except IntegrityError as refusal:
        if violated(refusal, ADVISER_TWICE):
            raise SessionInvalid("Un conseiller est déjà pris à cette heure.") from refusal
        raise
    record(action="operators.group_session.opened", target=session, by=by, now=now)
    return session


def _check_team(team: list[Adviser], site: Site, period: DateTimeTZRange) -> None:
    """One operator, at work, in an open place; they, it and their day are locked from here on."""
    rows = locked_advisers(*[adviser.pk for adviser in team])
    site = locked_sites(site.pk)[site.pk]
    if any(adviser.site.contract.holder_id != site.contract.holder_id for adviser in team):
        raise SessionInvalid("Ce lieu et ces conseillers ne sont pas du même organisme.")
    day = local_day(period.lower, site.zone)
    lock_adviser_days([(adviser.pk, day) for adviser in team])
    if not all(adviser.is_active for adviser in rows.values()):
        raise SessionInvalid("Un de ces conseillers est suspendu.")
    if not site.is_open:
        raise SessionInvalid("Ce lieu est fermé pour de bon.")
    if site.closures.filter(first_on__lte=day, last_on__gte=day).exists():
        raise SessionInvalid("Ce lieu est fermé ce jour-là.")
    if Absence.objects.filter(adviser__in=team, period__overlap=period).exists():
        raise SessionInvalid("Un conseiller est absent à cette heure.")


@transaction.atomic
def cancel_group_session(*, session: GroupSession, by: User, now: datetime) -> GroupSession:
    """Cancel a meeting, give every place back and tell each person once; the advisers are free again.

    Each place keeps by which channels its person was told; who has none is on the list of people to call.
    Raises SessionOver when it was cancelled or held already, or has begun.
    """
    session = _locked(session)
    if not rules.session_may_become(session.state, GroupState.CANCELLED) or session.starts_at <= now:
        raise SessionOver("Cette réunion ne peut plus être annulée.")
    session.state, session.cancelled_at = GroupState.CANCELLED, now
    session.save(update_fields=["state", "cancelled_at"])
    # Locked: a place that its person gives back at this instant stays given back by them.
    live = GroupPlace.objects.live().select_for_update(of=("self",)).filter(session=session)
    places = list(live.select_related("beneficiary").order_by("pk"))
    GroupPlace.objects.filter(pk__in=[place.pk for place in places]).update(
        state=PlaceState.CANCELLED, cancelled_at=now, cancelled_by=CancelledBy.OPERATOR
    )
    record(
        action="operators.group_session.cancelled",
        target=session,
        by=by,
        data={"places": len(places)},
        now=now,
    )
    for place in places:
        place.session, place.state, place.cancelled_by = session, PlaceState.CANCELLED, CancelledBy.OPERATOR
        place.told_by = notices.tell_cancelled(place, now=now)
    GroupPlace.objects.bulk_update(places, ["told_by"])
    return session


@transaction.atomic
def note_reached(*, place: GroupPlace, way: str, by: User, now: datetime) -> GroupPlace:
    """Write who told somebody of a cancelled meeting, how and when; the first to do so stays on record.

    Raises PlaceOver when the service did not cancel the place, FileRestricted.
    """
    lock_person(place.beneficiary_id)
    reached = GroupPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if reached.cancelled_by != CancelledBy.OPERATOR:
        raise PlaceOver("Cette place n’a pas été annulée par le service : il n’y a personne à prévenir.")
    if reached.reached_at is None:
        reached.reached_at, reached.reached_way, reached.reached_by = now, ReachedWay(way), by
        reached.save(update_fields=["reached_at", "reached_way", "reached_by"])
        record(
            action="operators.group_place.reached",
            target=reached,
            by=by,
            data={"way": reached.reached_way},
            now=now,
        )
    return reached


@transaction.atomic
def mark_attendance(
    *, session: GroupSession, came: Collection[UUID], seen: Seen | None = None, by: User, now: datetime
) -> GroupSession:
    """Write who came, once the meeting has begun; the others were absent. May be corrected. The place of
    a file frozen or erased since is left as it is.

    Nothing is logged in a pathway: a meeting is no counselling session. Raises SessionOver before its
    hour or when it was cancelled.
    """
    session = _locked(session)
    if not rules.session_may_become(session.state, GroupState.HELD) or session.starts_at > now:
        raise SessionOver("Les présences se notent une fois la réunion commencée.")
    noted = GroupPlace.objects.live().filter(session=session, state=PlaceState.ATTENDED)
    check_seen(seen, {"came": noted.values_list("uuid", flat=True)})
    session.state = GroupState.HELD
    session.save(update_fields=["state"])
    places = GroupPlace.objects.live().filter(open_file("beneficiary__"), session=session)
    present, absent = places.filter(uuid__in=list(came)), places.exclude(uuid__in=list(came))
    present.exclude(state=PlaceState.ATTENDED).update(state=PlaceState.ATTENDED)
    absent.exclude(state=PlaceState.NO_SHOW).update(state=PlaceState.NO_SHOW)
    record(
        action="operators.group_session.held",
        target=session,
        by=by,
        data={"came": places.filter(state=PlaceState.ATTENDED).count()},
        now=now,
    )
    return session


def _locked(session: GroupSession) -> GroupSession:
    """The row under which places are counted: nobody joins meanwhile."""
    locked = GroupSession.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("site__commune", "site__contract").get(pk=session.pk)
