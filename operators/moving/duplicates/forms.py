from typing import Any

from django import forms

from beneficiaries.request.models import Beneficiary
from cep_portal.common.phones import phone
from operators.moving.duplicates.enums import ContactPart, MergeReason

KEPT, OTHER = "kept", "other"


class MergeForm(forms.Form):
    """Why, and which name, address and number where the two files differ."""

    reason = forms.ChoiceField(
        label="Comment le savez-vous ?",
        choices=MergeReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites comment vous le savez."},
    )

    def __init__(self, *args: Any, kept: Beneficiary, absorbed: Beneficiary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in ContactPart:
            own, other = shown(kept, part), shown(absorbed, part)
            if own and other and own != other:
                self.fields[f"part_{part.value.lower()}"] = forms.ChoiceField(
                    label=f"{part.label} à garder",
                    choices=[(KEPT, own), (OTHER, other)],
                    initial=KEPT,
                    widget=forms.RadioSelect,
                )

    @property
    def parts(self) -> list:
        return [self[name] for name in self.fields if name.startswith("part_")]

    def taken(self) -> list[str]:
        """The parts taken from the file that ends."""
        return [
            part.value for part in ContactPart if self.cleaned_data.get(f"part_{part.value.lower()}") == OTHER
        ]


def shown(person: Beneficiary, part: ContactPart) -> str:
    if part == ContactPart.NAME:
        return person.full_name
    return (
        phone(person.phone)
        if part == ContactPart.PHONE and person.phone
        else getattr(person, ContactPart.columns[part][0])
    )
