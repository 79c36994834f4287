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
RESULTS_ID = "communes-trouvees"


class ChosenCode(forms.CharField):
    """Asked as a question to answer; the form alone judges, since one match needs no choice."""

    widget = forms.RadioSelect

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was chosen; before any choice, the commune that bears the very name typed."""
        return data or initial

    def validate(self, value: Any) -> None:
        """Nothing: see CommuneField._chosen."""


class CommuneField(forms.Form):
    """Mixin: « which commune? », with or without JavaScript.

    Fields: `commune_text` (a name or a postcode), then `commune` (an INSEE code, radios) when several
    communes answer. Valid only once one commune is known; then `cleaned_data["commune"]` is a `Commune`
    with its department and region loaded, ready for `contract_in_force`.

    Without JavaScript the page is sent a first time with the text alone: the form comes back invalid, with
    the radios and a message that asks to choose. With JavaScript the radios come as the person types.
    A text with one answer only (« 75011 »), or the very name of one commune only (« Rennes », though
    « Rennes-les-Bains » answers too), needs no second step. Use it inside the page's own form with
    `{% include "territories/commune_field.html" with form=form %}`; subclass it to add questions. No
    form prefix: the search page answers to these very field names. `typing=True`: no reproach yet.
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
        self.text = str(self.data.get("commune_text") or "")
        self.matches = selectors.search_communes(self.text)
        self.fields["commune"].widget.choices = [(commune.code, commune.label) for commune in self.matches]

    def get_initial_for_field(self, field: Any, field_name: Any) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return value or self._of_this_name() if field_name == "commune" else value

    @property
    def nothing_found(self) -> str:
        """Why no commune answers, in words for the person; empty when one does or nothing is typed."""
        if self.matches or len(self.text.strip()) < selectors.SHORTEST_TEXT:
            return ""
        outside = selectors.outside_collectivity(self.text)
        return OUTSIDE.format(name=outside) if outside else NOT_FOUND

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.typing and "commune_text" in cleaned:
            cleaned["commune"] = self._chosen(cleaned.get("commune", ""))
        return cleaned

    def _of_this_name(self) -> str:
        """The code of the only commune called exactly so; « Saint-Denis » is the name of two."""
        name = selectors.typed_name(self.text)
        same = [commune.code for commune in self.matches if commune.search_name == name]
        return same[0] if len(same) == 1 else ""

    def _chosen(self, code: str) -> Commune | None:
        if len(self.matches) == 1:
            return self.matches[0]
        code = code or self._of_this_name()
        chosen = next((commune for commune in self.matches if commune.code == code), None)
        if not self.matches:
            self.add_error("commune_text", self.nothing_found or NOT_FOUND)
        elif chosen is None:
            self.add_error("commune", SEVERAL)
        return chosen


class CommuneChoiceForm(CommuneField):
    """The commune alone: `CommuneChoiceForm(request.POST or None)`."""
