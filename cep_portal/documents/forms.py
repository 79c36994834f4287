import hashlib
import re
from typing import Any

from django import forms

from cep_portal.documents.rules import CODE_LENGTH, fold_code


class CheckForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Tapez le code imprimé sur le document."},
    )

    def clean_code(self) -> str:
        code = fold_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(f"Le code compte {CODE_LENGTH} lettres et chiffres.")
        return code


class BytesForm(forms.Form):
    """A file, or its SHA-256 for who does not want to send it: only the digest is kept, for one answer."""

    LARGEST = 20 * 1024 * 1024

    file = forms.FileField(label="Le fichier que vous avez reçu", required=False)
    sha256 = forms.CharField(
        label="Ou son empreinte SHA-256",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.is_conditional = True  # type: ignore[attr-defined]  # one of the two is needed

    def clean_sha256(self) -> str:
        digest = "".join(self.cleaned_data["sha256"].lower().split())
        if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise forms.ValidationError("Une empreinte SHA-256 compte 64 chiffres hexadécimaux.")
        return digest

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > self.LARGEST:
            raise forms.ValidationError("Ce fichier est trop grand : 20 Mo au plus.")
        return file

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("sha256"):
            self.add_error("file", "Choisissez le fichier, ou collez son empreinte.")
        return cleaned

    def digest(self) -> str:
        """The SHA-256 of what was sent, read by pieces."""
        file = self.cleaned_data["file"]
        if not file:
            return self.cleaned_data["sha256"]
        digest = hashlib.sha256()
        for piece in file.chunks():
            digest.update(piece)
        return digest.hexdigest()
