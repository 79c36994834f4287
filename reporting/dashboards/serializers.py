from rest_framework import serializers

from procurement.contracts.models import Contract
from reporting.dashboards.selectors import Figure, Target, TerritoryReport
from reporting.kpis.rules import Cell
from reporting.kpis.rules.definitions import DEFINITIONS


class IndicatorsQuery(serializers.Serializer):
    period = serializers.RegexField(
        r"^(12m-20[0-9]{2}-(0[1-9]|1[0-2])|20[0-9]{2}(-(0[1-9]|1[0-2]|T[1-4]))?)$",
        required=False,
        help_text="Un mois, 2026-10, un trimestre, 2026-T3, douze mois, 12m-2026-10, ou une année, 2026, "
        "jusqu’au dernier mois clos ; le dernier mois clos par défaut",
    )
    contract = serializers.UUIDField(
        required=False, help_text="Un de vos contrats ; celui qui court par défaut"
    )


class OwnContractOut(serializers.Serializer):
    id = serializers.UUIDField()
    lot = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CellOut(serializers.Serializer):
    value = serializers.FloatField(
        allow_null=True, help_text="Arrondi comme sur la page ; rien sans effectif"
    )
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    is_fragile = serializers.BooleanField(help_text="Trop peu de réponses pour conclure")
    is_provisional = serializers.BooleanField(
        help_text="Monte encore : ni comparé, ni jugé avant le délai de sa définition"
    )


class TargetOut(serializers.Serializer):
    text = serializers.CharField()
    is_kept = serializers.BooleanField(allow_null=True, help_text="Rien sans chiffre, ou provisoire")


class FigureOut(serializers.Serializer):
    code = serializers.ChoiceField(
        [(definition.code, definition.label) for definition in DEFINITIONS.values()]
    )
    label = serializers.CharField()
    unit = serializers.CharField()
    text = serializers.CharField(help_text="Comme la page l’écrit")
    period = CellOut()
    year_before = CellOut()
    target = TargetOut(allow_null=True, help_text="Ce que le contrat promet")


class IndicatorsOut(serializers.Serializer):
    contracts = OwnContractOut(many=True)
    contract = serializers.UUIDField(allow_null=True, help_text="Celui des chiffres ; rien sans contrat")
    period = serializers.CharField()
    is_provisional = serializers.BooleanField(help_text="La période court encore")
    computed_at = serializers.DateTimeField(allow_null=True, help_text="Rien avant le premier calcul")
    figures = FigureOut(many=True)


def contract_out(contract: Contract) -> dict:
    return {
        "id": str(contract.uuid),
        "lot": str(contract.lot),
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
    }


def figures_out(report: TerritoryReport, targets: dict[str, Target]) -> list[dict]:
    return [_figure_out(figure, targets.get(code)) for code, figure in report.figures.items()]


def _figure_out(figure: Figure, target: Target | None) -> dict:
    return {
        "code": figure.definition.code,
        "label": figure.definition.label,
        "unit": figure.definition.unit,
        "text": figure.text,
        "period": _cell_out(figure.cell),
        "year_before": _cell_out(figure.before),
        "target": {"text": target.text, "is_kept": target.kept} if target else None,
    }


def _cell_out(cell: Cell) -> dict:
    return {
        "value": None if cell.value is None else float(cell.value),
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "is_fragile": cell.fragile,
        "is_provisional": cell.unripe,
    }
