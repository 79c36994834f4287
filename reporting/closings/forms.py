from typing import Any

from django import forms

from cep_portal.common.day_fields import DayField
from reporting.closings.enums import DisputeOutcome, NeutralReason, RequestDecision, RestatementDecision
from reporting.kpis.rules.definitions import DEFINITIONS


def _words(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}), max_length=4000
    )


class DisputeForm(forms.Form):
    kpi = forms.ChoiceField(
        label="Chiffre contesté",
        choices=[("", "Choisir un chiffre")]
        + [(definition.code, definition.label) for definition in DEFINITIONS.values()],
    )
    words = _words(
        "Ce que vous contestez",
        "Dites ce que vous comptez, vous, et où le vérifier. N’écrivez le nom de personne.",
        5,
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label="Réponse", choices=DisputeOutcome.choices, widget=forms.RadioSelect)
    answer = _words("Motifs", "Le titulaire les lit.")


class NeutralisationForm(forms.Form):
    first_day = DayField(label="Premier jour")
    last_day = DayField(label="Dernier jour")
    reason = forms.ChoiceField(label="Motif", choices=NeutralReason.choices, widget=forms.RadioSelect)
    words = _words("Faits et justificatifs", "Ce qui s’est passé, et où sont les pièces.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Le dernier jour précède le premier.")
        return cleaned


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label="Décision", choices=RequestDecision.choices, widget=forms.RadioSelect)
    reasons = _words("Motifs")


class ReopeningForm(forms.Form):
    words = _words(
        "Pourquoi rouvrir ce mois ?",
        "L’arrêté reste lisible ; le mois rouvert en devient la version suivante.",
    )


class RestatementForm(forms.Form):
    decision = forms.ChoiceField(
        label="Décision", choices=RestatementDecision.choices, widget=forms.RadioSelect
    )
    reasons = _words("Motifs")


class EvidenceForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi ouvrir les preuves ?",
        help_text="Votre ouverture et son motif sont inscrits au journal.",
        max_length=300,
    )
