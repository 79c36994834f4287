from typing import Any

from django import forms

from procurement.followup.enums import PenaltyState

OUTCOMES = {
    PenaltyState.APPLIED: "Appliquer le montant calculé",
    PenaltyState.REDUCED: "Réduire le montant",
    PenaltyState.WAIVED: "Lever la pénalité",
}


class DropForm(forms.Form):
    reasons = forms.CharField(
        label="Pourquoi abandonner cette proposition ?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class ObservationsForm(forms.Form):
    observations = forms.CharField(
        label="Vos observations",
        help_text="Expliquez les faits et ce qui, selon vous, ne dépend pas de vous.",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=10_000,
    )


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="Décision", choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    amount_excl_tax = forms.DecimalField(
        label="Montant réduit, en euros",
        help_text="Seulement pour une réduction. Une pénalité est hors champ de la TVA.",
        required=False,
        max_digits=12,
        decimal_places=2,
        localize=True,
    )
    reasons = forms.CharField(
        label="Motifs",
        help_text="Ils répondent aux observations et figurent dans le courrier.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
    )

    corrected_words = forms.CharField(
        label="Pourquoi décider malgré la correction du chiffre ?",
        help_text="Seulement si le chiffre a été corrigé depuis l’arrêté du mois.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )

    def __init__(self, *args: Any, is_corrected: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_corrected:
            del self.fields["corrected_words"]

    def clean(self) -> dict[str, Any]:
        """A reduction says to how much; the bounds are the service's."""
        cleaned = super().clean() or {}
        reduced = cleaned.get("outcome") == PenaltyState.REDUCED
        if reduced and cleaned.get("amount_excl_tax") is None and "amount_excl_tax" not in self.errors:
            self.add_error("amount_excl_tax", "Indiquez le montant réduit.")
        return cleaned
