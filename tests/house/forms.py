"""Every form class that the product or the sign-in may show."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django import forms

ROOT = Path(__file__).resolve().parents[2]
FORM = re.compile(r"^class \w+\(.*(?:Form|CommuneField)\b", re.MULTILINE)
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
SIGN_IN = (
    "allauth.account.forms",
    "allauth.mfa.base.forms",
    "allauth.mfa.totp.forms",
    "allauth.mfa.recovery_codes.forms",
    "allauth.mfa.webauthn.forms",
)


@cache
def forms_of_the_product() -> tuple[type[forms.BaseForm], ...]:
    names = [*_modules(), *SIGN_IN]
    found = {
        value
        for name in names
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, forms.BaseForm) and value.__module__ in names
    }
    return tuple(sorted(found, key=lambda form: (form.__module__, form.__name__)))


def _modules() -> Iterator[str]:
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            is_shown = not {"migrations", "management"} & set(path.parts)
            if is_shown and FORM.search(path.read_text(encoding="utf-8")):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
