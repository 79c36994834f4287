from typing import Any

from django import forms

from beneficiaries.request.enums import Need
from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.versions import VersionedForm
from cep_portal.territories.models import Department
from operators.casework.situations import rules
from operators.casework.situations.enums import EmploymentStatus, RectificationAnswer, SituationPart
from operators.casework.situations.reference import (
    CONTRACT_TYPES,
    DIPLOMAS,
    EMPLOYER_SIZES,
    PROFESSIONS,
    SECTORS,
)
from operators.casework.situations.selectors.facts import Facts

NOT_SAID = [("", "Non précisé")]


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*NOT_SAID, *choices], required=False)


class SituationForm(VersionedForm):
    """Closed lists only: nothing is typed, and only what brings the person is asked for sure."""

    starts_on = DayField(label="Vrai depuis le", side=Side.PAST, first=rules.EARLIEST)
    reasons = forms.MultipleChoiceField(
        label="Ce qui amène la personne",
        choices=Need,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une raison."},
    )
    status = _choice("Statut", EmploymentStatus.choices)
    contract_type = _choice("Contrat", CONTRACT_TYPES.choices)
    profession = _choice("Profession, exercée ou dernière exercée", PROFESSIONS.grouped_choices)
    sector = _choice("Secteur de l’employeur", SECTORS.choices)
    employer_size = _choice("Taille de l’employeur", EMPLOYER_SIZES.choices)
    department = forms.ModelChoiceField(
        Department.objects.order_by("name", "pk"),
        label="Département de travail",
        empty_label=NOT_SAID[0][1],
        required=False,
    )
    diploma = _choice("Diplôme le plus élevé", DIPLOMAS.choices)

    def facts(self) -> Facts:
        said = dict(self.cleaned_data)
        department = said.pop("department")
        said.pop("starts_on")
        return Facts(
            **{**said, "reasons": tuple(said["reasons"])}, department_id=department.pk if department else None
        )


class RectificationForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label="Qu’est-ce qui est à corriger ?",
        choices=SituationPart,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez ce qui est à corriger."},
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=RectificationAnswer)
