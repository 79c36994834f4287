"""Each night: which files of one operator resemble each other; and what people say of it."""

from datetime import datetime

from django.db import connection, transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from operators.casework.desk.selectors import people_of
from operators.moving.duplicates import rules, selectors
from operators.moving.duplicates.enums import Alike, PairState
from operators.moving.duplicates.errors import PersonNotVisible
from operators.moving.duplicates.models import DuplicatePair
from operators.moving.duplicates.services.locks import lock_both

# What a contact shared by many says is nothing: groups of more than `most` make no pair.
PAIRS = """
    WITH holder AS MATERIALIZED (
        SELECT id FROM procurement_contract WHERE holder_id = %(organisation)s
    ), met AS MATERIALIZED (
        SELECT beneficiary_id AS id FROM beneficiaries_servicerequest
        WHERE contract_id IN (SELECT id FROM holder) AND beneficiary_id IS NOT NULL
        UNION SELECT booked.beneficiary_id FROM operators_appointment AS booked
        JOIN operators_site AS site ON site.id = booked.site_id
        WHERE site.contract_id IN (SELECT id FROM holder) AND booked.beneficiary_id IS NOT NULL
        UNION SELECT beneficiary_id FROM operators_pathway WHERE contract_id IN (SELECT id FROM holder)
    ), known AS MATERIALIZED (
        SELECT person.id, nullif(lower(person.email), '') AS email,
            nullif(right(regexp_replace(person.phone, '[^0-9]', '', 'g'), 9), '') AS tail,
            beneficiaries_searched_name(person.first_name, person.last_name) AS name
        FROM met JOIN beneficiaries_beneficiary AS person ON person.id = met.id
        WHERE person.restricted_at IS NULL AND person.erased_at IS NULL
            AND person.merged_into_id IS NULL AND person.known_through_id IS NULL
    ), lives AS MATERIALIZED (
        SELECT DISTINCT asked.beneficiary_id AS id, asked.commune_id
        FROM beneficiaries_servicerequest AS asked
        WHERE asked.contract_id IN (SELECT id FROM holder) AND asked.beneficiary_id IS NOT NULL
    ), shared AS (
        SELECT array_agg(id) AS people FROM known WHERE email IS NOT NULL GROUP BY email
        UNION ALL SELECT array_agg(id) FROM known WHERE tail IS NOT NULL GROUP BY tail
        UNION ALL SELECT array_agg(known.id) FROM known JOIN lives ON lives.id = known.id
        GROUP BY known.name, lives.commune_id
    ), pair AS (
        SELECT DISTINCT one AS first, other AS second
        FROM shared CROSS JOIN unnest(people) AS one CROSS JOIN unnest(people) AS other
        WHERE cardinality(people) BETWEEN 2 AND %(most)s AND one < other
    )
    SELECT pair.first, pair.second,
        coalesce(one.email = other.email, false), coalesce(one.tail = other.tail, false),
        one.name = other.name, similarity(one.name, other.name) >= %(close)s,
        EXISTS (
            SELECT FROM lives AS here JOIN lives AS there ON there.commune_id = here.commune_id
            WHERE here.id = one.id AND there.id = other.id
        )
    FROM pair JOIN known AS one ON one.id = pair.first JOIN known AS other ON other.id = pair.second
    ORDER BY pair.first, pair.second
"""


def find_everywhere(*, now: datetime) -> int:
    """Look into each operator apart, a transaction each; returns how many pairs were found."""
    return sum(find_duplicates(organisation=organisation, now=now) for organisation in selectors.holders())


@transaction.atomic
def find_duplicates(*, organisation: Organisation, now: datetime) -> int:
    """Write the pairs of an operator that resemble each other enough; returns how many. Safe to run twice.

    What no longer resembles is forgotten; two people said apart stay apart.
    """
    pairs = _found(organisation, now)
    DuplicatePair.objects.bulk_create(
        pairs,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organisation", "first", "second"],
        update_fields=["alike", "score"],
    )
    kept = {(pair.first_id, pair.second_id) for pair in pairs}
    waiting = DuplicatePair.objects.filter(organisation=organisation, state=PairState.FOUND)
    over = [pk for pk, *two in waiting.values_list("pk", "first", "second") if tuple(two) not in kept]
    DuplicatePair.objects.filter(pk__in=over).delete()
    return len(pairs)


def _found(organisation: Organisation, now: datetime) -> list[DuplicatePair]:
    facts = {
        "organisation": organisation.pk,
        "most": rules.MOST_SHARING,
        "close": rules.CLOSE_NAMES,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, facts)
        rows = cursor.fetchall()
    pairs = []
    for first, second, *flags in rows:
        alike = _alike(*flags)
        if rules.are_alike(alike):
            pairs.append(
                DuplicatePair(
                    organisation=organisation,
                    first_id=first,
                    second_id=second,
                    alike=alike,
                    score=rules.score(alike),
                    found_at=now,
                )
            )
    return pairs


def _alike(email: bool, phone: bool, name: bool, close: bool, commune: bool) -> list[str]:  # noqa: FBT001 -- a row of PAIRS
    flags = {
        Alike.EMAIL: email,
        Alike.PHONE: phone,
        Alike.NAME: name,
        Alike.CLOSE_NAME: close and not name,
        Alike.COMMUNE: commune,
    }
    return [str(alike) for alike, is_so in flags.items() if is_so]


@transaction.atomic
def say_apart(*, person: Beneficiary, other: Beneficiary, by: User, now: datetime) -> DuplicatePair:
    """« Ce n’est pas la même personne »: these two are never proposed again here. Raises PersonNotVisible."""
    first, second = sorted(lock_both(person, other), key=lambda person: person.pk)
    if by.mandate is None or people_of(user=by).filter(pk__in=(first.pk, second.pk)).count() != 2:
        raise PersonNotVisible("Un de ces dossiers ne peut plus être ouvert.")
    common = selectors.likeness(user=by, person=first, other=second)
    alike = list(common.alike) if common else []
    pair, is_new = DuplicatePair.objects.select_for_update(of=("self",)).get_or_create(
        organisation_id=by.mandate.organisation_id,  # type: ignore[misc]  # an operator's mandate has one
        first=first,
        second=second,
        defaults={
            "alike": alike,
            "score": rules.score(alike),
            "found_at": now,
            "state": PairState.APART,
            "decided_at": now,
            "decided_by": by,
        },
    )
    if not is_new and pair.state != PairState.APART:
        pair.state, pair.decided_at, pair.decided_by = PairState.APART, now, by
        pair.save(update_fields=["state", "decided_at", "decided_by"])
    record(action="operators.duplicatepair.said_apart", target=pair, by=by, now=now)
    return pair


def forget_former(*, now: datetime) -> int:
    """Names and contacts of before a merge go when it can no more be undone; returns how many. Safe twice."""
    return selectors.former_to_forget(now=now).update(former={})
