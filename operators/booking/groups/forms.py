from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField, HourField
from cep_portal.common.form_fields import choose_from, offer
from cep_portal.common.versions import VersionedForm
from operators.booking.groups.enums import MODES, GroupTopic
from operators.network.enums import Mode
from operators.network.models import Adviser, Site

LENGTHS = [(45, "45 minutes"), (60, "1 heure"), (90, "1 heure 30"), (120, "2 heures")]


class GroupSessionForm(forms.Form):
    topic = forms.ChoiceField(label="Sujet", choices=GroupTopic)
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        queryset=None, label="Lieu", to_field_name="slug", empty_label=None
    )
    adviser: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        queryset=None,
        label="Conseiller",
        to_field_name="uuid",
        empty_label="Choisir",
        error_messages={"required": "Choisissez un conseiller."},
    )
    second_adviser: "forms.ModelChoiceField[Adviser]" = forms.ModelChoiceField(
        queryset=None, label="Second conseiller", to_field_name="uuid", required=False, empty_label="Aucun"
    )
    day = DayField(label="Jour", side=Side.FUTURE)
    hour = HourField(label="Heure")
    minutes = forms.TypedChoiceField(label="Durée", choices=LENGTHS, coerce=int, initial=60)
    mode = forms.ChoiceField(
        label="Comment", choices=[(mode.value, mode.label.capitalize()) for mode in MODES]
    )
    video_url = forms.URLField(
        label="Lien de la visio", required=False, max_length=300, assume_scheme="https"
    )
    capacity = forms.IntegerField(label="Places", min_value=2, max_value=100, initial=12)

    def __init__(self, *args: Any, sites: QuerySet[Site], advisers: QuerySet[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "site", sites)
        for name in ("adviser", "second_adviser"):
            choose_from(self, name, advisers, said=lambda adviser: adviser.user.full_name)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if clean.get("mode") == Mode.VIDEO and not clean.get("video_url") and "video_url" not in self.errors:
            self.add_error("video_url", "Indiquez le lien de la visio.")
        if clean.get("adviser") and clean.get("adviser") == clean.get("second_adviser"):
            self.add_error("second_adviser", "Choisissez une autre personne.")
        return clean

    def facts(self) -> dict:
        """What open_group_session wants: the day and the hour are those of the place."""
        facts = dict(self.cleaned_data)
        day, hour = facts.pop("day"), facts.pop("hour")
        here = ZoneInfo(facts["site"].zone)
        return {**facts, "starts_at": datetime.combine(day, hour, here)}


class AttendanceForm(VersionedForm):
    came = forms.MultipleChoiceField(
        label="Qui est venu ?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "came", [(str(place.uuid), place.beneficiary.full_name) for place in places])
