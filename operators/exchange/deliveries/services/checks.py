"""What a line cannot know alone: the other lines, what is known, frozen months. One pass each, in SQL.

A line refused drops out of every later check; what it would have brought is missing for those that name it.
"""

from datetime import datetime

from django.conf import settings

from operators.casework.pathways.hooks import first_open_days
from operators.exchange.deliveries.models import ERASED_MARK
from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.check_appointments import check_appointments
from operators.exchange.deliveries.services.check_doubles import ask_of_doubles
from operators.exchange.deliveries.services.check_numbers import check_numbers
from operators.exchange.deliveries.services.check_pathways import check_closings, check_sessions
from operators.exchange.deliveries.services.check_withdrawals import (
    check_withdrawals,
    recognise_withdrawals,
)
from operators.exchange.deliveries.services.judging import GOOD, UUID, refuse
from operators.exchange.deliveries.services.staging import run
from procurement.contracts.models import Contract


def check_together(*, organisation_id: int, now: datetime, is_csv: bool) -> None:
    """Refuse, each with its reason, the lines that do not stand together or against what is known."""
    params = {
        "organisation": organisation_id,
        "now": now,
        "days_apart": settings.PORTAL_SESSION_DAYS_APART,
    }
    _check_duplicates()
    _recognise(params)
    _recognise_own_sessions(params)
    recognise_withdrawals()
    check_numbers(params, is_csv=is_csv)
    _name_people(params)
    _freeze(params)
    check_withdrawals()
    _check_requests(params)
    check_appointments(params)
    check_sessions(params)
    check_closings(params)


def _check_duplicates() -> None:
    run(
        """
        UPDATE delivery_line AS line
        SET problems = jsonb_build_array(jsonb_build_object(
            'field', 'id',
            'what', format('Ce numéro est déjà celui de la ligne %s.', twice.first_line),
            'how', 'Gardez une seule ligne par numéro.'))
        FROM (
            SELECT line, min(line) OVER (PARTITION BY kind, external_id) AS first_line
            FROM delivery_line WHERE problems IS NULL
        ) AS twice
        WHERE twice.line = line.line AND twice.first_line < line.line
        """
    )


def _recognise(params: dict) -> None:
    """The same line again changes nothing; a known number with other facts is a change."""
    run("ALTER TABLE delivery_line ADD COLUMN is_withdrawn bool NOT NULL DEFAULT false")
    run(
        """
        UPDATE delivery_line AS line
        SET target = known.target, is_withdrawn = known.withdrawn_at IS NOT NULL,
            status = CASE WHEN known.digest = line.digest THEN 'SAME' ELSE 'CHANGED' END
        FROM operators_externalkey AS known
        WHERE line.problems IS NULL AND known.organisation_id = %(organisation)s
            AND known.kind = line.kind AND known.external_id = line.external_id
        """,
        params,
    )


def _recognise_own_sessions(params: dict) -> None:
    """A session typed in the portal is corrected under the identifier that the portal gives it."""
    run(
        f"""
        UPDATE delivery_line AS line SET target = held.uuid, status = 'CHANGED'
        FROM operators_counsellingsession AS held
        JOIN operators_pathway AS way ON way.id = held.pathway_id
        JOIN procurement_contract AS contract ON contract.id = way.contract_id
        WHERE {GOOD} AND line.kind = 'SEANCE' AND line.status = 'NEW' AND line.withdrawal IS NULL
            AND contract.holder_id = %(organisation)s
            AND held.uuid = CASE WHEN line.external_id ~* {UUID} THEN line.external_id::uuid END
        """,
        params,
    )


def _name_people(params: dict) -> None:
    """`delivery_person`: who each number names, known already (id) or new; erased and frozen are refused."""
    run(
        f"""
        CREATE TEMPORARY TABLE delivery_person ON COMMIT DROP AS
        SELECT named.number, person.id, coalesce(person.uuid, gen_random_uuid()) AS uuid,
            known.id IS NOT NULL AS has_key,
            person.erased_at IS NOT NULL OR erased.id IS NOT NULL AS is_erased,
            person.restricted_at IS NOT NULL AS is_restricted
        FROM (
            SELECT DISTINCT line.person AS number FROM delivery_line AS line
            WHERE {GOOD} AND line.person IS NOT NULL
        ) AS named
        LEFT JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
            AND known.kind = 'PERSONNE' AND known.external_id = named.number
        LEFT JOIN operators_externalkey AS erased ON erased.organisation_id = %(organisation)s
            AND erased.kind = 'PERSONNE'
            AND erased.external_id
                = '{ERASED_MARK}' || encode(sha256(convert_to(named.number, 'UTF8')), 'hex')
        LEFT JOIN beneficiaries_beneficiary AS person ON person.uuid = coalesce(
            known.target,
            CASE WHEN named.number ~* {UUID} THEN (
                SELECT own.uuid FROM beneficiaries_beneficiary AS given
                JOIN beneficiaries_beneficiary AS own ON own.id = coalesce(given.merged_into_id, given.id)
                WHERE given.uuid = named.number::uuid AND (
                    EXISTS (
                        SELECT 1 FROM beneficiaries_servicerequest AS asked
                        JOIN procurement_contract AS contract ON contract.id = asked.contract_id
                        WHERE asked.beneficiary_id = own.id AND contract.holder_id = %(organisation)s)
                    OR EXISTS (
                        SELECT 1 FROM operators_appointment AS booked
                        JOIN operators_site AS site ON site.id = booked.site_id
                        JOIN procurement_contract AS contract ON contract.id = site.contract_id
                        WHERE booked.beneficiary_id = own.id AND contract.holder_id = %(organisation)s))
            ) END)
        """,
        params,
    )
    run("CREATE INDEX ON delivery_person (number)")
    run("ANALYZE delivery_person")
    refuse(
        "EXISTS (SELECT 1 FROM delivery_person AS one WHERE one.number = line.person AND one.is_erased)",
        Problem("personne", "Cette personne a été effacée à sa demande.", "Retirez la ligne du fichier."),
    )
    refuse(
        "EXISTS (SELECT 1 FROM delivery_person AS one WHERE one.number = line.person AND one.is_restricted)",
        Problem("personne", "Cette personne a gelé son dossier : rien n’y est ajouté.", "Retirez la ligne."),
    )


def _freeze(params: dict) -> None:
    """`delivery_freeze`: the first day that may still change, by contract."""
    contracts = Contract.objects.filter(holder=params["organisation"]).values_list("pk", flat=True)
    run("CREATE TEMPORARY TABLE delivery_freeze (contract_id int8, open_on date) ON COMMIT DROP")
    for contract_id, open_on in first_open_days(contract_ids=list(contracts)).items():
        run(
            "INSERT INTO delivery_freeze VALUES (%(contract)s, %(day)s)",
            {"contract": contract_id, "day": open_on},
        )


def _check_requests(params: dict) -> None:
    refuse(
        "line.kind = 'DEMANDE' AND line.status = 'CHANGED'",
        Problem(
            "id",
            "Cette demande est déjà connue avec d’autres faits : une demande ne change jamais.",
            "Renvoyez-la telle quelle, ou donnez un autre numéro à une autre demande.",
        ),
    )
    ask_of_doubles("DEMANDE", params)
