from datetime import date
from typing import Any

from django import forms

from cep_portal.common.days import first_of_month, months_later
from cep_portal.common.form_fields import offer
from cep_portal.common.versions import VersionedForm
from cep_portal.common.wording.dates import long_month
from procurement.commitments import hooks
from procurement.commitments.enums import Comparison
from procurement.commitments.rules import penalty_clauses

MONTHS_AHEAD = 24
CLAUSE_LABELS = {"missed_target": "Objectif manqué"}


class VersionForm(VersionedForm):
    """What binds from a month on; the months offered are those that have not begun (INV-19)."""

    text = forms.CharField(
        label="Texte de l’engagement", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    indicator = forms.ChoiceField(label="Indicateur")
    comparison = forms.ChoiceField(label="Sens", choices=Comparison.choices, widget=forms.RadioSelect)
    target = forms.DecimalField(label="Cible", max_digits=10, decimal_places=2, min_value=0, localize=True)
    penalty_clause = forms.ChoiceField(label="Clause de pénalité")
    first_month = forms.TypedChoiceField(label="À partir de", coerce=date.fromisoformat)

    def __init__(self, *args: Any, params: dict, on: date, until: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "indicator",
            [
                (
                    indicator.code,
                    f"{indicator.label} ({indicator.unit})" if indicator.unit else indicator.label,
                )
                for indicator in hooks.INDICATORS
            ],
        )
        offer(
            self,
            "penalty_clause",
            [(name, CLAUSE_LABELS.get(name, name)) for name in penalty_clauses(params)],
        )
        offer(self, "first_month", [(month.isoformat(), long_month(month)) for month in _months(on, until)])


class CommitmentForm(VersionForm):
    title = forms.CharField(label="Intitulé", max_length=200)
    field_order = ["title"]


def _months(on: date, until: date) -> list[date]:
    coming = (months_later(first_of_month(on), ahead) for ahead in range(1, MONTHS_AHEAD + 1))
    return [month for month in coming if month <= until]
