"""What to try first, role by role. The page of the place shows it; docs/guides/entrainement.md says more."""

from dataclasses import dataclass

from cep_portal.accounts.enums import Role
from cep_portal.demo.dataset.accounts import ACCOUNTS
from cep_portal.demo.dataset.build import PASSWORD

__all__ = ["EXERCISES", "PASSWORD", "Lesson"]


@dataclass(frozen=True)
class Lesson:
    """One role: the account to sign in with, and its exercises in order."""

    role: Role
    steps: tuple[str, ...]

    @property
    def email(self) -> str:
        return next(account.email for account in ACCOUNTS if account.role == self.role)

    @property
    def has_password(self) -> bool:
        return self.role != Role.BENEFICIARY


EXERCISES = (
    Lesson(
        Role.ADVISER,
        (
            "Dans « Aujourd’hui », saisissez une séance qui attend : niveau, thèmes, suite.",
            "Notez qu’une personne n’est pas venue, puis proposez-lui un autre rendez-vous.",
            "Ouvrez un parcours, écrivez une note, ajoutez une action au plan.",
            "Posez une absence sur une journée où l’on vous attend : voyez qui reçoit qui.",
            "Avancez l’horloge d’un jour : les séances d’hier attendent leur saisie.",
        ),
    ),
    Lesson(
        Role.INTAKE_OFFICER,
        (
            "Répondez à la demande la plus ancienne.",
            "Une personne appelle : trouvez-lui un créneau et réservez.",
            "Traitez un rappel promis, dont un sans réponse.",
            "Cherchez une personne avec une faute dans son nom.",
        ),
    ),
    Lesson(
        Role.OPERATOR_MANAGER,
        (
            "Regardez la capacité par site : où manque-t-il des créneaux ?",
            "Dans « Qualité de la saisie », trouvez le mois en retard.",
            "Invitez un conseiller, puis suspendez un compte.",
            "Lisez la pénalité notifiée et écrivez vos observations.",
            "Avancez l’horloge au mois prochain : le mois se clôt et les constats tombent.",
        ),
    ),
    Lesson(
        Role.BENEFICIARY,
        (
            "Prenez rendez-vous depuis l’accueil : « Montexemple », un métier qui change.",
            "Connectez-vous par code : il se lit dans les messages du lieu.",
            "Déplacez votre rendez-vous, puis annulez-le.",
            "Demandez une copie de vos données.",
        ),
    ),
)
