from typing import Any

from django import forms
from django.urls import reverse_lazy

from cep_portal.territories import selectors
from cep_portal.territories.models import Commune

NOT_FOUND = "Aucune commune ne ressemble à ce nom. Vérifiez l’orthographe ou tapez le code postal."
OUTSIDE = (
    "{name} n’est pas dans les 18 régions du service : aucun opérateur n’y est désigné."
    " Si vous travaillez dans une de ces régions, indiquez la commune de votre travail."
)
SEVERAL = "Plusieurs communes correspondent : choisissez la vôtre dans la liste."
UNSURE = "Nous ne sommes pas sûrs de la commune : choisissez-la si c’est elle, ou corrigez le nom."
RESULTS_ID = "communes-trouvees"


class ChosenCode(forms.CharField):
    """Asked as a question to answer; the form alone judges, since a certain name needs no choice."""

    widget = forms.RadioSelect

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was chosen; before any choice, the commune that is certain."""
        return data or initial

    def validate(self, value: Any) -> None:
        """Nothing: see CommuneField._chosen."""


class CommuneField(forms.Form):
    """Mixin: « which commune? », with or without JavaScript.

    Fields: `commune_text` (what the person calls the place: a name, a former name, a postcode, a region),
    then `commune` (an INSEE code, radios). Valid only once one commune is known; then
    `cleaned_data["commune"]` is a `Commune` with its department and region, ready for `contract_in_force`.

    A guess is never an answer (ADR 0049): unless the text is certain (`selectors.look_up`: « 75011 »,
    « Rennes »), the form comes back invalid with the likely communes, nothing chosen, were there only one.
    With JavaScript the radios come as the person types. Use it inside the page's own form with
    `{% include "territories/commune_field.html" with form=form %}`; subclass it to add questions. No
    form prefix: the search page answers to these very field names. `typing=True`: no reproach yet.
    A page that knows the place gives it as `initial`: `commune_text`, and `commune` when it was chosen.
    """

    commune_text = forms.CharField(
        label="Commune ou code postal",
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "hx-get": reverse_lazy("territories:commune_search"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": f"#{RESULTS_ID}",
                "hx-sync": "this:replace",
            }
        ),
        error_messages={"required": "Indiquez une commune ou un code postal."},
    )
    commune = ChosenCode(label="Votre commune")

    def __init__(self, *args: Any, typing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typing = typing
        given = self.data if self.is_bound else self.initial
        self.text = str(given.get("commune_text") or "")
        self.lookup = selectors.look_up(self.text)
        self.matches = self.lookup.communes
        self.fields["commune"].widget.choices = [
            (match.commune.code, match.label) for match in self.lookup.matches
        ]

    def get_initial_for_field(self, field: Any, field_name: Any) -> Any:
        value = super().get_initial_for_field(field, field_name)
        if field_name != "commune" or value:
            return value
        return self.lookup.certain.code if self.lookup.certain else ""

    @property
    def asks(self) -> bool:
        """Whether the communes are shown as a question."""
        return len(self.matches) > 1 or (bool(self.matches) and self.lookup.certain is None)

    @property
    def outside(self) -> Any:
        """The place that no lot covers and that the text may name; None elsewhere."""
        return self.lookup.outside

    @property
    def nothing_found(self) -> str:
        """Why no commune answers, in words for the person; empty when one does or nothing is typed."""
        if self.matches or len(self.text.strip()) < selectors.SHORTEST_TEXT:
            return ""
        return OUTSIDE.format(name=self.outside.name) if self.outside else NOT_FOUND

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.typing and "commune_text" in cleaned:
            cleaned["commune"] = self._chosen(cleaned.get("commune", ""))
        return cleaned

    def _chosen(self, code: str) -> Commune | None:
        chosen = next((commune for commune in self.matches if commune.code == code), self.lookup.certain)
        if not self.matches:
            self.add_error("commune_text", self.nothing_found or NOT_FOUND)
        elif chosen is None:
            self.add_error("commune", SEVERAL if len(self.matches) > 1 else UNSURE)
        return chosen


class CommuneChoiceForm(CommuneField):
    """The commune alone: `CommuneChoiceForm(request.POST or None)`."""
