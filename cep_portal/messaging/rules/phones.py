"""Which French numbers can receive an SMS, in the metropole and overseas (RDV-SP PR 5283, RDV-I 561).

National numbering plan of ARCEP: mobiles are 06 and 07, and overseas a slice of 06 answers with the
country code of the place. The same ten digits are therefore never two telephones.
"""

import re

PLANS = (
    # first digits in the national form, country code
    ("0690", "590"),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    ("0691", "590"),
    ("0694", "594"),  # Guyane
    ("0696", "596"),  # Martinique
    ("0697", "596"),
    ("0692", "262"),  # La Réunion
    ("0693", "262"),
    ("063998", "33"),  # kept for fiction: the demonstration's people
    ("0639", "262"),  # Mayotte
    ("06", "33"),
    ("07", "33"),
)
CODES = tuple(sorted({code for _, code in PLANS}))
_MARKS = re.compile(r"[\s.()/–-]")


def national(text: str) -> str | None:
    """A French number in ten digits, however it was typed; None for what is none."""
    digits = _MARKS.sub("", text.strip().replace("(0)", ""))
    if digits.startswith("+"):
        digits = f"00{digits[1:]}"
    for code in CODES:
        if digits.startswith(f"00{code}"):
            rest = digits.removeprefix(f"00{code}").removeprefix("0")
            return f"0{rest}" if re.fullmatch(r"[1-9]\d{8}", rest) else None
    return digits if re.fullmatch(r"0[1-9]\d{8}", digits) else None


def mobile(text: str) -> str | None:
    """The number in E.164 when it is a French mobile, else None: a landline receives no SMS."""
    number = national(text)
    if number is None:
        return None
    for start, code in PLANS:
        if number.startswith(start):
            return f"+{code}{number[1:]}"
    return None


def is_landline(text: str) -> bool:
    """A French number, that no SMS reaches."""
    return national(text) is not None and mobile(text) is None
