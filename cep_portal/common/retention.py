"""How long things are kept: the delay that a purge applies, and the words that pages and the register say.

A delay is written once, here or in the settings. The rules of a subject take theirs from here, and a sentence
is made from the same delay: neither can change without the other.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

IN_WORDS = {1: "un", 2: "deux", 12: "douze", 13: "treize", 24: "vingt-quatre", 30: "trente"}
HOURS, DAYS, MONTHS = "heure", "jour", "mois"
DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class Delay:
    """A number of hours, of days or of calendar months."""

    count: int
    unit: str

    def __str__(self) -> str:
        """« 24 mois », « 1 jour »."""
        return f"{self.count} {self._counted}"

    @property
    def in_words(self) -> str:
        """« douze mois », « deux jours »; a number that has no short word stays in figures."""
        return f"{IN_WORDS.get(self.count, self.count)} {self._counted}"

    @property
    def duration(self) -> timedelta:
        """Raises ValueError for months, which have no fixed length: use days.months_later."""
        if self.unit == MONTHS:
            raise ValueError("months have no fixed length")
        return timedelta(hours=self.count) if self.unit == HOURS else timedelta(days=self.count)

    @property
    def _counted(self) -> str:
        return self.unit if self.unit == MONTHS or self.count == 1 else f"{self.unit}s"


DELAYS = {
    "file": Delay(settings.PORTAL_RETENTION_MONTHS, MONTHS),
    "notice": Delay(30, DAYS),  # between the warning and the erasure of a file nobody used
    "journal": Delay(settings.PORTAL_JOURNAL_MONTHS, MONTHS),
    "session": Delay(settings.SESSION_COOKIE_AGE // 3600, HOURS),
    "draft": Delay(24, HOURS),
    "code": Delay(1, DAYS),  # after it expires: the quota of an hour still counts it
    "text": Delay(settings.PORTAL_TEXT_DAYS, DAYS),
    "message": Delay(settings.PORTAL_MESSAGE_DAYS // DAYS_OF_A_MONTH, MONTHS),
    "call_back": Delay(settings.PORTAL_CALL_BACK_KEPT_DAYS, DAYS),
    "refused_line": Delay(settings.PORTAL_REFUSED_LINES_DAYS, DAYS),
    "webhook": Delay(settings.PORTAL_WEBHOOK_DAYS, DAYS),
    "software_key": Delay(30, DAYS),  # of what a move, a cancellation or a log was asked under
    "export": Delay(2, DAYS),
    "extract": Delay(2, DAYS),
    "undo_merge": Delay(30, DAYS),
}

_LAST_CONTACT = f"{DELAYS['file']} après le dernier contact"
WITHOUT_IDENTITY = f"{_LAST_CONTACT}, puis sans identité."
WITHOUT_WORDS = f"{_LAST_CONTACT}, puis sans les mots écrits."
ERASED_NOTES = f"{_LAST_CONTACT}, puis effacées."
DESTROYED_FILES = f"{_LAST_CONTACT}, puis détruits."
FORMER_CONTACTS = f"{_LAST_CONTACT} ; les anciens contacts, {DELAYS['undo_merge'].in_words}."
CALL_BACK = f"{DELAYS['call_back']} après l’appel, puis sans nom ni numéro."
CODE = f"{DELAYS['code'].in_words.capitalize()} après sa péremption."
MESSAGE = f"Le texte {DELAYS['text']} (un code, {DELAYS['code'].in_words}), le reste {DELAYS['message']}."
SESSION = f"{DELAYS['session'].in_words.capitalize()} au plus."
DRAFT = f"{DELAYS['draft'].in_words.capitalize()} au plus."
JOURNAL = f"{DELAYS['journal'].in_words.capitalize()}."
REFUSED_LINE = f"{DELAYS['refused_line']}."
AS_LONG_AS_THE_FILE = "Le temps du dossier."
AS_LONG_AS_THE_CONTRACT = "Le temps du contrat."
AS_LONG_AS_THE_MARKET = "Le temps du marché."
EXPORT = f"Le fichier, {DELAYS['export'].in_words}."
EXTRACT = f"Le temps du contrat ; le fichier, {DELAYS['extract'].in_words}."
