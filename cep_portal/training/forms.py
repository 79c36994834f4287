from django import forms

from cep_portal.training.enums import Step


class MoveForm(forms.Form):
    step = forms.ChoiceField(label="Avancer l’horloge", choices=Step, widget=forms.RadioSelect)


class ResetForm(forms.Form):
    sure = forms.BooleanField(
        label="J’ai prévenu les autres : ce que chacun a fait ici sera effacé",
        error_messages={"required": "Cochez la case pour remettre le lieu à son premier jour."},
    )
