from typing import Any

from django import forms

from cep_portal.documents.rules.bombs import MIB
from cep_portal.documents.rules.uploads import ACCEPT


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        max_length=200,
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "max_length": "Le nom de ce fichier est trop long.",
        },
    )

    def __init__(self, *args: Any, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_bytes = max_bytes
        self.fields["file"].help_text = f"PDF, JPG, PNG, DOCX ou ODT, {max_bytes // MIB} Mo au plus."

    def clean_file(self) -> Any:
        """Refused before it is read: a file of any size may be announced."""
        sent = self.cleaned_data["file"]
        if sent.size > self.max_bytes:
            raise forms.ValidationError(f"Ce fichier dépasse {self.max_bytes // MIB} Mo.")
        return sent
