"""The fields where a telephone or an e-mail address is typed, on every page (ADR 0052)."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from cep_portal.common import emails, phones

SHORT_NUMBER = re.compile(r"[1-9][0-9]{3,4}|11[0-9]{1,4}")  # « 39 49 », of a public body
CHOICE = "_choice"  # the name of a field, then this: the answer to « Vouliez-vous dire … ? »


class PhoneField(forms.CharField):
    """A number as people write it; kept and shown back in pairs. Not asked unless a form says so.

    `is_short` also takes the four digits of a public body.
    """

    def __init__(self, *, is_short: bool = False, **options: Any) -> None:
        self.is_short = is_short
        own = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        usual = {"label": "Téléphone", "max_length": 40, "required": False, "widget": own}
        super().__init__(**{**usual, **options})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        short = re.sub(r"\s", "", phones.ascii_digits(typed))
        if not typed or (self.is_short and SHORT_NUMBER.fullmatch(short)):
            return phones.ascii_digits(typed)
        try:
            return phones.read(typed).kept
        except phones.PhoneRefused as refusal:
            raise forms.ValidationError(str(refusal), "phone") from refusal

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 -- Django's signature
        """A page that comes back shows the number in pairs: one reads it again before it matters."""
        return phones.kept(data) if data else data


class AddressInput(forms.EmailInput):
    """The box; under it, when an error is likely, the two addresses to choose from.

    The answer is sent as `<name>_choice`, and stays with the page when it comes back: no JavaScript needed.
    """

    template_name = "components/address_input.html"
    asked = ""  # what was typed, when a question stands about it
    proposed = ""
    is_possible = True
    is_settled = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        choice = data.get(f"{name}{CHOICE}", "")
        if not isinstance(typed, str) or not choice:
            return typed
        address = emails.cleaned(typed)
        if choice == address:
            self.asked, self.is_settled = address, True
        elif choice == emails.likely(address):
            return choice
        return typed

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        question = {"asked": self.asked, "proposed": self.proposed, "is_possible": self.is_possible}
        context["question"] = {"name": f"{name}{CHOICE}", "is_settled": self.is_settled, **question}
        return context


class AddressField(forms.CharField):
    """An e-mail address. A fault is said in its own words; a likely typing error is asked about, once."""

    default_error_messages = {"invalid": "Cette adresse ne convient pas."}

    def __init__(self, *, autocomplete: str = "email", **options: Any) -> None:
        told = {"autocomplete": autocomplete} if autocomplete else {}
        own = AddressInput(attrs={"spellcheck": "false", **told})
        usual = {"label": "Adresse électronique", "max_length": 254, "widget": own}
        super().__init__(**{**usual, **options})

    def to_python(self, value: Any) -> str:
        return emails.cleaned(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            check_address(value, self.widget)


def check_address(address: str, box: Any) -> None:
    """Raise the fault of an address, or the question about a likely typing error, asked once in its box."""
    fault, proposed = emails.problem(address), emails.likely(address)
    if proposed and isinstance(box, AddressInput) and not (box.is_settled and not fault):
        box.asked, box.proposed, box.is_possible = address, proposed, not fault
        raise forms.ValidationError(f"{fault} {emails.question(proposed)}".strip(), "likely")
    if fault:
        raise forms.ValidationError(fault, "invalid")
