"""Facts as they were known at an instant, in SQL: what a source of `rules.spines` names in braces."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Model

from beneficiaries.request.models import FormerRequest, ServiceRequest
from cep_portal.common.pasts import Former
from operators.booking.agenda.models import Appointment, FormerAppointment
from operators.casework.pathways.models import CounsellingSession, FormerPathway, FormerSession, Pathway
from reporting.facts.rules.spines import Column, Spine
from reporting.surveys.models import FormerSurvey, Survey

FACTS: dict[str, tuple[type[Model], type[Former]]] = {
    "request": (ServiceRequest, FormerRequest),
    "appointment": (Appointment, FormerAppointment),
    "pathway": (Pathway, FormerPathway),
    "session": (CounsellingSession, FormerSession),
    "survey": (Survey, FormerSurvey),
}
# Who was one person with whom: a merge holds until it is undone, and makes no chain (ADR 0036).
MERGES = """(SELECT absorbed_id, kept_id FROM operators_personmerge
    WHERE merged_at <= %(known_at)s AND (undone_at IS NULL OR undone_at > %(known_at)s))"""
PRESENT = "SELECT id, {columns} FROM {present} WHERE known_from <= %(known_at)s"
FORMER = """SELECT source_id, {columns} FROM {former}
    WHERE known_from <= %(known_at)s AND known_until > %(known_at)s"""
CHANGED_SINCE = "EXISTS (SELECT FROM {former} WHERE known_until > %(known_at)s)"
OF_THE_VERSION = {"id", "source_id", "known_from", "known_until", "changed_xid"}


def reported_columns(former: type[Former]) -> list[str]:
    """The columns that both tables of a fact have: what is known of it at an instant."""
    return [each.attname for each in former._meta.concrete_fields if each.attname not in OF_THE_VERSION]


def as_known(fact: type[Model], former: type[Former], *, only_present: bool = False) -> str:
    """The table of a fact at `%(known_at)s`: its key, and what was said of it then."""
    versions = PRESENT if only_present else f"{PRESENT} UNION ALL {FORMER}"
    return f"({versions})".format(
        columns=", ".join(reported_columns(former)),
        present=fact._meta.db_table,
        former=former._meta.db_table,
    )


def with_facts(sql: str, *, only_present: bool = False) -> str:
    """A text of `rules.spines` with each fact as known at `%(known_at)s` in its place.

    `only_present` leaves former rows out, and PostgreSQL plans better: right as long as nothing has
    `changed_since` the instant, which is asked afterwards.
    """
    tables = {name: as_known(*models, only_present=only_present) for name, models in FACTS.items()}
    return sql.format(merge=MERGES, **tables)


def changed_since(known_at: datetime) -> bool:
    """Whether a former row was still true at an instant: its fact has changed, or is gone, since."""
    anywhere = " OR ".join(CHANGED_SINCE.format(former=former._meta.db_table) for _, former in FACTS.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {anywhere}", {"known_at": known_at})
        return bool(cursor.fetchone()[0])


def source(spine: Spine, columns: Iterable[Column] = (), *, only_present: bool = False) -> str:
    """What follows FROM, with its WHERE: the rows of a spine and the joins that some columns need.

    More conditions are added with AND. The statement takes one parameter, `known_at`.
    """
    joins = dict.fromkeys(spine.joins[column.join] for column in columns if column.join)
    text = f"{' '.join([spine.source, *joins])} WHERE {spine.where}"
    return with_facts(text, only_present=only_present)


def settled_at(now: datetime) -> datetime:
    """The instant to count at, `now` or just before the oldest transaction under way began.

    Whoever is still writing dates rows from before `now` and shows them after: counted at `now`, a month
    would not be counted the same again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_settled(%s)", [now])
        (instant,) = cursor.fetchone()
    return instant
