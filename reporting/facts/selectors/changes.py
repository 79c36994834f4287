"""Which months must be counted again: by the transactions that wrote, never by a clock (ADR 0057, 0067).

A run notes `horizon()` as it begins and the next one asks what changed since: a transaction that was still
under way then, whatever it had dated its rows from, is above the horizon.
"""

from collections import defaultdict
from datetime import date

from django.db import connection

from cep_portal.common.marks import settled
from reporting.facts.rules.spines import SPINES
from reporting.facts.selectors.known import FACTS, reported_columns

EVERY_VERSION = """(SELECT id, changed_xid, {columns} FROM {present}
    UNION ALL SELECT source_id, changed_xid, {columns} FROM {former})"""
# A fact in braces is every version of it, present and former: the old month is counted again, and the new.
CHANGES = """
WITH merged AS MATERIALIZED (
    SELECT unnest(ARRAY[kept_id, absorbed_id]) AS id FROM operators_personmerge
    WHERE changed_xid >= %(since)s::xid8),
session AS MATERIALIZED (SELECT * FROM {session} AS s WHERE s.changed_xid >= %(since)s::xid8),
appointment AS MATERIALIZED (SELECT * FROM {appointment} AS a WHERE a.changed_xid >= %(since)s::xid8),
moved AS MATERIALIZED (
    SELECT v.id FROM {pathway} AS v LEFT JOIN operators_pathway AS w ON w.id = v.id
    WHERE v.changed_xid >= %(since)s::xid8 AND (v.beneficiary_id, v.contract_id, v.region_id)
        IS DISTINCT FROM (w.beneficiary_id, w.contract_id, w.region_id)
    UNION SELECT id FROM operators_pathway WHERE beneficiary_id IN (SELECT id FROM merged)),
situation AS MATERIALIZED (
    SELECT pathway_id, effective FROM operators_pathwaysituation WHERE changed_xid >= %(since)s::xid8),
request AS MATERIALIZED (
    SELECT id FROM {request} AS r WHERE r.changed_xid >= %(since)s::xid8
    UNION SELECT service_request_id FROM appointment
    UNION SELECT a.service_request_id FROM session JOIN {appointment} AS a ON a.id = session.appointment_id
    UNION SELECT id FROM beneficiaries_servicerequest WHERE beneficiary_id IN (SELECT id FROM merged)),
pathway AS MATERIALIZED (
    SELECT id FROM {pathway} AS w WHERE w.changed_xid >= %(since)s::xid8
    UNION SELECT pathway_id FROM session UNION SELECT id FROM moved),
days (spine, day) AS (
    SELECT 'session', held_on FROM session
    UNION ALL SELECT 'session', s.held_on FROM {session} AS s WHERE s.pathway_id IN (SELECT id FROM moved)
    UNION ALL SELECT 'session', s.held_on FROM situation AS z
    JOIN operators_counsellingsession AS s ON s.pathway_id = z.pathway_id AND z.effective @> s.held_on
    UNION ALL SELECT 'request', {asked_on} FROM {request_source} WHERE r.id IN (SELECT id FROM request)
    UNION ALL SELECT 'appointment', {appointment_day} FROM appointment AS a
    JOIN operators_site AS x ON x.id = a.site_id WHERE a.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED')
    UNION ALL SELECT 'appointment', {appointment_day} FROM operators_appointment AS a
    JOIN operators_site AS x ON x.id = a.site_id
    WHERE a.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') AND a.beneficiary_id IN (SELECT id FROM merged)
    UNION ALL SELECT 'pathway', unnest(ARRAY[w.entered_on, {closed_on}]) FROM {pathway_source}
    WHERE w.id IN (SELECT id FROM pathway)
    UNION ALL SELECT 'survey', unnest(ARRAY[{survey_asked_on}, v.answered_on]) FROM {survey} AS v
    JOIN {pathway} AS w ON w.id = v.pathway_id JOIN territories_region AS g ON g.code = w.region_id
    WHERE v.changed_xid >= %(since)s::xid8 OR v.pathway_id IN (SELECT id FROM moved))
SELECT DISTINCT spine, date_trunc('month', day)::date FROM days WHERE day IS NOT NULL
"""


def horizon() -> int:
    """The first transaction that may still write: what a run notes as it begins."""
    return settled()[0]


def dirty_months(*, since: int) -> dict[str, set[date]]:
    """{spine: first days of the months in which a transaction from `since` on changed what is counted}.

    The month before a change and the one after it; the month of a request for the session that serves it;
    every month of both people of a merge, done or undone. Too many at worst, never too few.
    """
    months: dict[str, set[date]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_sql(), {"since": str(since)})
        for spine, month in cursor.fetchall():
            months[spine].add(month)
    return dict(months)


def _sql() -> str:
    versions = {
        name: EVERY_VERSION.format(
            columns=", ".join(reported_columns(former)),
            present=present._meta.db_table,
            former=former._meta.db_table,
        )
        for name, (present, former) in FACTS.items()
    }
    return CHANGES.format(
        asked_on=SPINES["request"].cohorts["asked_on"].sql,
        request_source=SPINES["request"].source.format(**versions),
        appointment_day=SPINES["appointment"].cohorts["day"].sql,
        closed_on=SPINES["pathway"].cohorts["closed_on"].sql,
        pathway_source=SPINES["pathway"].source.format(**versions),
        survey_asked_on=SPINES["survey"].cohorts["asked_on"].sql,
        **versions,
    )
