"""The one reader of telephone numbers: what was typed, what is kept, who an SMS reaches (ADR 0052).

The plans are those of the library `phonenumbers`. Nothing of them is copied here, but how ten French digits,
that mean one telephone whatever the sea, choose their country code.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from cep_portal.common.wording.typography import NO_BREAK_SPACE, NO_DATA

FRANCE = 33
OVERSEAS = (590, 594, 596, 262, 508)  # Guadeloupe and its isles, Guyane, Martinique, Indian Ocean, Miquelon
FRENCH = (FRANCE, *OVERSEAS)
DIGITS = 10
LONGEST = 20  # of what is kept
FICTION = "63998"  # of France, kept by Arcep for fiction: no plan knows it, our fictional people have it
EXAMPLE = "Exemple : 06 12 34 56 78."
NOT_DIGITS = f"Un numéro s’écrit avec des chiffres. {EXAMPLE}"
NOT_FRENCH = (
    "Un numéro français commence par 0. Pour un numéro étranger, commencez par + et l’indicatif du pays."
)
_MARKS = re.compile(r"[\s.()/\-‐‑–—_·\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ANYWHERE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class PhoneRefused(ValueError):
    """Not a number one can call; says why, in a sentence for who typed it."""


@dataclass(frozen=True)
class Phone:
    """A number one can call. `national` is ten digits for a French one, overseas included; else blank."""

    national: str
    e164: str
    is_mobile: bool

    @property
    def kept(self) -> str:
        """The one way it is stored and shown: « 06 12 34 56 78 », « +32 470 12 34 56 »."""
        if self.national:
            return " ".join(re.findall("..", self.national))
        shown = phonenumbers.format_number(phonenumbers.parse(self.e164), PhoneNumberFormat.INTERNATIONAL)
        return shown if len(shown) <= LONGEST else self.e164


def ascii_digits(text: str) -> str:
    """The same text with the digits of every script written 0 to 9, and full-width signs narrowed."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text))


def read(text: str) -> Phone:
    """The number as people type it. Raises PhoneRefused, with the reason."""
    typed = _MARKS.sub("", ascii_digits(text).replace("(0)", ""))
    if not re.fullmatch(r"\+?[0-9]+", typed):
        raise PhoneRefused(NOT_DIGITS)
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    elif re.fullmatch(r"33[1-9][0-9]{8}", typed):  # the country code, without its sign
        typed = f"+{typed}"
    if typed.startswith("+"):
        return _read_international(typed)
    if not typed.startswith("0"):
        is_short_of_zero = len(typed) == DIGITS - 1
        raise PhoneRefused(_count(typed, DIGITS) if is_short_of_zero else NOT_FRENCH)
    if len(typed) != DIGITS:
        raise PhoneRefused(_count(typed, DIGITS))
    return _french(typed)


def _count(digits: str, wanted: int, after: str = "") -> str:
    """« … dix chiffres : il en manque 2. »"""
    missing = wanted - len(digits)
    rule = (
        f"Après {after}, un numéro français compte neuf chiffres"
        if after
        else ("Un numéro français compte dix chiffres")
    )
    if missing > 0:
        zero = ", peut-être le 0 du début" if not after and not digits.startswith("0") else ""
        return f"{rule} : il en manque {missing}{zero}. {EXAMPLE}"
    return f"{rule} : il y en a {-missing} de trop. {EXAMPLE}"


def _read_international(typed: str) -> Phone:
    code = next((code for code in FRENCH if typed.startswith(f"+{code}")), None)
    if code is None:
        return _foreign(typed)
    rest = typed.removeprefix(f"+{code}").removeprefix("0")
    if code == 508 and len(rest) == 6:  # the six digits of before follow 0508, or 0708 for a mobile
        is_mobile = phonenumbers.number_type(PhoneNumber(code, int(rest))) == PhoneNumberType.MOBILE
        rest = f"{7 if is_mobile else 5}08{rest}"
    if len(rest) != DIGITS - 1:
        raise PhoneRefused(_count(rest, DIGITS - 1, f"+{code}"))
    if rest.startswith("0"):
        raise PhoneRefused(NOT_FRENCH)
    return _french(f"0{rest}")


def _french(national: str) -> Phone:
    if national.startswith("00"):
        raise PhoneRefused(NOT_FRENCH)
    code = _country_code(national[1:])
    return Phone(national, f"+{code}{national[1:]}", is_mobile=national[1] in "67")


def _foreign(typed: str) -> Phone:
    try:
        number = phonenumbers.parse(typed)
    except phonenumbers.NumberParseException as failure:
        if failure.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise PhoneRefused("Aucun pays n’a cet indicatif. Vérifiez ce qui suit le +.") from failure
        raise PhoneRefused(f"Ce numéro étranger n’a pas le bon nombre de chiffres. {EXAMPLE}") from failure
    length = phonenumbers.is_possible_number_with_reason(number)
    if length in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise PhoneRefused(f"Ce numéro en +{number.country_code} est incomplet : il manque des chiffres.")
    if length == ValidationResult.TOO_LONG:
        raise PhoneRefused(f"Ce numéro en +{number.country_code} a trop de chiffres.")
    if not phonenumbers.is_valid_number(number):
        raise PhoneRefused(f"Ce numéro en +{number.country_code} n’existe pas. Vérifiez chaque chiffre.")
    is_mobile = phonenumbers.number_type(number) in _ANYWHERE
    return Phone("", phonenumbers.format_number(number, PhoneNumberFormat.E164), is_mobile=is_mobile)


def _country_code(significant: str) -> int:
    """The country code of nine French digits: the plan that knows them, else the plan of their slice.

    The plans of the seas are asked first: that of France is lax. 08 and 09 are everybody's.
    """
    if significant.startswith(FICTION) or significant[0] in "89":
        return FRANCE
    if significant.startswith("508"):  # the library knows these lines by the six digits of before
        return 508
    return _overseas_code(significant) or _code_of_slice(significant[:3])


def _overseas_code(significant: str) -> int | None:
    number = int(significant)
    return next((code for code in OVERSEAS if phonenumbers.is_valid_number(PhoneNumber(code, number))), None)


@cache
def _code_of_slice(start: str) -> int:
    """A range opened since the library's edition belongs with its neighbours: 0691 with Guadeloupe."""
    codes = {_overseas_code(f"{start}{tail:03d}456") for tail in range(1000)} - {None}
    return codes.pop() or FRANCE if len(codes) == 1 else FRANCE


def read_or_none(text: str) -> Phone | None:
    try:
        return read(text)
    except PhoneRefused:
        return None


def national(text: str) -> str | None:
    """A French number in ten digits, however it was typed; None for what is none."""
    number = read_or_none(text)
    return (number.national or None) if number else None


def mobile(text: str) -> str | None:
    """The number in E.164 when it is a French mobile, overseas included: whom our SMS reach. Else None."""
    number = read_or_none(text)
    return number.e164 if number and number.national and number.is_mobile else None


def kept(text: str) -> str:
    """How a number is stored; what is no number stays as it was typed, in plain digits."""
    number = read_or_none(text)
    return number.kept if number else ascii_digits(text).strip()


def no_sms(text: str) -> str:
    """Why no SMS of ours reaches this number, in a sentence; blank when one does, or for no number."""
    number = read_or_none(text)
    if number is None or (number.national and number.is_mobile):
        return ""
    if not number.national:
        return "Nos SMS ne partent pas vers l’étranger : nous pourrons seulement vous appeler à ce numéro."
    return "C’est un numéro fixe : il ne reçoit pas de SMS."


def phone(value: object) -> str:
    """For a page: pairs held together by no-break spaces; what is no number stays as it is."""
    if value is None or value == "":
        return NO_DATA
    number = read_or_none(str(value))
    return number.kept.replace(" ", NO_BREAK_SPACE) if number else str(value)


def dialled(value: object) -> str:
    """For a `tel:` link: E.164, country code right overseas; a short number (39 49) without its spaces."""
    number = read_or_none(str(value))
    return number.e164 if number else "".join(str(value).split())
