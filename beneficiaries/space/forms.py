from django import forms

from beneficiaries.request.enums import ContactHours


class PreferencesForm(forms.Form):
    by_email = forms.BooleanField(label="Par courriel", required=False)
    by_sms = forms.BooleanField(label="Par SMS", required=False)
    reminders = forms.BooleanField(
        label="Me rappeler mes rendez-vous",
        help_text="Un message avant chaque rendez-vous.",
        required=False,
    )
    discreet = forms.BooleanField(
        label="Textes discrets",
        help_text="Les messages ne nomment ni le service ni le sujet du rendez-vous.",
        required=False,
    )
    contact_hours = forms.ChoiceField(
        label="Si quelqu’un doit vous appeler",
        choices=ContactHours.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un moment."},
    )
