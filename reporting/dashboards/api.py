"""/api/v1/indicators/: the figures of one's own lot, by the selectors of its page; nothing is made here."""

from datetime import date
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software.api.description import answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.enums import Scope
from procurement.contracts.models import Contract
from reporting.dashboards import selectors
from reporting.dashboards.selectors import TerritoryReport
from reporting.dashboards.serializers import IndicatorsOut, IndicatorsQuery, contract_out, figures_out
from reporting.kpis.rules.periods import Period, last_closed_month, parse_period
from reporting.kpis.rules.readers import Reader

UNKNOWN_PERIOD = "Demandez un mois, un trimestre clos, douze mois clos ou une année, depuis janvier 2024."


def _cell(count: int) -> dict:
    return {
        "value": float(count),
        "numerator": count,
        "denominator": None,
        "is_fragile": False,
        "is_provisional": False,
    }


EXAMPLE = {
    "contracts": [
        {
            "id": "6f8c734e-3720-46ca-87b8-15e9da48b799",
            "lot": "Lot 4 – Bretagne",
            "starts_on": "2024-01-01",
            "ends_on": "2027-12-31",
        }
    ],
    "contract": "6f8c734e-3720-46ca-87b8-15e9da48b799",
    "period": "2026-10",
    "is_provisional": False,
    "computed_at": "2026-11-22T03:10:00+01:00",
    "figures": [
        {
            "code": "entries",
            "label": "Entrées",
            "unit": "parcours",
            "text": "412",
            "period": {
                "value": 412.0,
                "numerator": 412,
                "denominator": None,
                "is_fragile": False,
                "is_provisional": False,
            },
            "year_before": {
                "value": 388.0,
                "numerator": 388,
                "denominator": None,
                "is_fragile": False,
                "is_provisional": False,
            },
            "target": {"text": "au moins 400", "is_kept": True},
        }
    ],
}


@extend_schema(
    operation_id="lire_indicateurs",
    tags=["indicateurs"],
    summary="Lire les indicateurs de votre contrat",
    description="Les chiffres de la page « Mon lot », calculés chaque nuit. Ce sont vos propres effectifs : "
    "rien n’y est arrondi davantage ni retenu. Aucun autre opérateur n’y paraît.",
    parameters=[IndicatorsQuery],
    responses={200: answer(IndicatorsOut, EXAMPLE, "Les indicateurs"), **refusals(404, 422)},
)
@endpoint("GET", scope=Scope.INDICATORS_READ, a_minute=30, asks=(IndicatorsQuery,))
def indicators(request: Request) -> Response:
    """The same numbers as the page « Mon lot » of the operator's managers."""
    today = timezone.localdate()
    query = IndicatorsQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    asked = query.validated_data
    period = _period(asked.get("period"), on=today)
    contracts = list(selectors.own_contracts(user=request.user))
    contract = _contract(contracts, asked.get("contract"), on=today)
    report = _report(contract, period, on=today) if contract else None
    told = report.period if report else period or last_closed_month(today)
    targets = selectors.targets(contract=contract, report=report) if contract and report else {}
    return Response(
        {
            "contracts": [contract_out(contract) for contract in contracts],
            "contract": str(contract.uuid) if contract else None,
            "period": told.code,
            "is_provisional": report.is_provisional if report else not told.is_closed(today),
            "computed_at": timezone.localtime(report.run.started_at).isoformat() if report else None,
            "figures": figures_out(report, targets) if report else [],
        }
    )


def _period(code: str | None, *, on: date) -> Period | None:
    if code is None:
        return None
    period = parse_period(code, on=on)
    if period is None:
        raise ValidationError({"period": [UNKNOWN_PERIOD]})
    return period


def _report(contract: Contract, period: Period | None, *, on: date) -> TerritoryReport | None:
    """The software of the holder reads as its managers do."""
    return selectors.contract_report(contract=contract, period=period, on=on, reader=Reader.PARTY)


def _contract(contracts: list[Contract], uuid: UUID, *, on: date) -> Contract | None:
    """The one asked for, else the one in force, else the last; None for who has none."""
    if uuid is not None:
        contract = next((contract for contract in contracts if contract.uuid == uuid), None)
        if contract is None:
            raise Http404
        return contract
    in_force = [contract for contract in contracts if contract.starts_on <= on <= contract.ends_on]
    return next(iter(in_force or contracts), None)
