"""Facts as they were known at an instant, in SQL: what a source of `rules.spines` names in braces."""

from collections.abc import Iterable

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
AS_KNOWN = """(SELECT id, {columns} FROM {present} WHERE known_from <= %(known_at)s
    UNION ALL SELECT source_id, {columns} FROM {former}
    WHERE known_from <= %(known_at)s AND known_until > %(known_at)s)"""
OF_THE_VERSION = {"id", "source_id", "known_from", "known_until", "changed_xid"}


def reported_columns(former: type[Former]) -> list[str]:
    """The columns that both tables of a fact have: what is known of it at an instant."""
    return [each.attname for each in former._meta.concrete_fields if each.attname not in OF_THE_VERSION]


def as_known(fact: type[Model], former: type[Former]) -> str:
    """The table of a fact at `%(known_at)s`: its key, and what was said of it then."""
    columns = ", ".join(reported_columns(former))
    return AS_KNOWN.format(columns=columns, present=fact._meta.db_table, former=former._meta.db_table)


def with_facts(sql: str) -> str:
    """A text of `rules.spines` with each fact as known at `%(known_at)s` in its place."""
    tables = {name: as_known(*models) for name, models in FACTS.items()}
    return sql.format(merge=MERGES, **tables)


def source(spine: Spine, columns: Iterable[Column] = ()) -> str:
    """What follows FROM, with its WHERE: the rows of a spine and the joins that some columns need.

    More conditions are added with AND. The statement takes one parameter, `known_at`.
    """
    joins = dict.fromkeys(spine.joins[column.join] for column in columns if column.join)
    return with_facts(f"{' '.join([spine.source, *joins])} WHERE {spine.where}")
