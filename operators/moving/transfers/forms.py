from typing import Any

from django import forms
from django.db.models import QuerySet

from cep_portal.common.form_fields import choose_from, offer
from cep_portal.common.wording.dates import long_instant
from cep_portal.territories.forms import CommuneField
from operators.booking.agenda.models import Appointment
from operators.moving.transfers.enums import RefusalReason, TransferReason
from operators.moving.transfers.models import TransferItem
from operators.moving.transfers.presenters import item_label
from operators.network.models import Adviser


class TransferForm(CommuneField):
    """Where the person is to be received, why, and which files are proposed."""

    reason = forms.ChoiceField(
        label="Pourquoi ce changement ?",
        choices=TransferReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
    files = forms.TypedMultipleChoiceField(  # type: ignore[assignment]  # Django's attribute is another thing
        label="Fichiers proposés à la personne",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ["reason", "commune_text", "commune", "files"]

    def __init__(self, *args: Any, files: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(file.pk, file.file_name) for file in files]
        offer(self, "files", choices)
        if not choices:
            del self.fields["files"]


class AnswerForm(forms.Form):
    """The person's answer: item by item, nothing ticked before; each coming appointment kept or not."""

    shown = forms.CharField(widget=forms.HiddenInput)
    consent = forms.BooleanField(
        required=True, error_messages={"required": "Cochez l’accord, ou refusez le transfert."}
    )

    def __init__(
        self,
        *args: Any,
        items: list[TransferItem],
        appointments: list[Appointment],
        words: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked_items, self.asked_appointments = items, appointments
        for item in items:
            self.fields[f"item_{item.pk}"] = forms.BooleanField(label=item_label(item), required=False)
        for appointment in appointments:
            when = long_instant(appointment.starts_at, appointment.site.zone)
            label = f"Garder celui du {when}, {appointment.site.name}"
            self.fields[f"keep_{appointment.pk}"] = forms.BooleanField(label=label, required=False)
        self.fields["consent"].label = words

    @property
    def items(self) -> list[tuple[TransferItem, forms.BoundField]]:
        return [(item, self[f"item_{item.pk}"]) for item in self.asked_items]

    @property
    def appointments(self) -> list[tuple[Appointment, forms.BoundField]]:
        return [(appointment, self[f"keep_{appointment.pk}"]) for appointment in self.asked_appointments]

    def answers(self) -> dict:
        """The answers as operators.moving.transfers.services.consent_to_transfer takes them."""
        said = self.cleaned_data
        return {
            "shown": said["shown"],
            "consented": said["consent"],
            "agreed": {item.pk for item in self.asked_items if said[f"item_{item.pk}"]},
            "kept": {
                appointment.pk for appointment in self.asked_appointments if said[f"keep_{appointment.pk}"]
            },
        }


class ReceptionForm(forms.Form):
    adviser: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        label="Qui reçoit la personne ?",
        queryset=None,
        empty_label="Choisir un conseiller",
        error_messages={"required": "Choisissez un conseiller."},
    )

    def __init__(self, *args: Any, team: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "adviser", team, said=lambda one: f"{one.user.full_name}, {one.site.name}")


class RefusalForm(forms.Form):
    reason = forms.ChoiceField(
        label="Pourquoi ?",
        choices=RefusalReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
