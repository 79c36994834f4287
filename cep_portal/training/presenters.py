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
    Lesson(
        Role.PARTNER,
        (
            "Prenez rendez-vous avec une personne : « Montexemple », une heure, ses coordonnées à elle.",
            "Lisez son code dans les messages du lieu, comme si elle vous le disait, puis réservez.",
            "Donnez votre propre adresse à sa place : voyez pourquoi elle est refusée.",
            "Dans « Accompagnements », trouvez ce que vous savez d’elle : des initiales et une heure.",
        ),
    ),
    Lesson(
        Role.ANALYST,
        (
            "Dans « France », lisez les cinq chiffres, puis ouvrez la définition de l’un d’eux.",
            "Ouvrez la région Val-d’Essai : retrouvez le mois saisi en retard.",
            "Téléchargez le tableau des régions en CSV.",
            "Faites avancer l’horloge au mois prochain par un responsable : le mois clos apparaît.",
        ),
    ),
    Lesson(
        Role.CONTRACT_MANAGER,
        (
            "Ouvrez le contrat du Val-d’Essai : engagements, valeurs, pénalités.",
            "Dans « Constats mensuels », constatez le mois clos : tenu, manqué, ou trop petit pour le dire.",
            "Dans « Pénalités », lisez celle qui est notifiée : son calcul, sa lettre, son délai.",
            "Quand l’horloge a passé le 1er du mois, notifiez la proposition nouvelle ou abandonnez-la.",
        ),
    ),
    Lesson(
        Role.BUYER,
        (
            "Dans « Marchés », ouvrez le lot Val-d’Essai : issue et titulaire.",
            "Dans « Couverture », cherchez qui reçoit « Montexemple », et pourquoi.",
            "Lisez les pénalités et téléchargez leur tableau.",
        ),
    ),
    Lesson(
        Role.DECIDER,
        (
            "Ouvrez « À décider » : lisez le calcul et les observations.",
            "Réduisez une pénalité en donnant vos motifs ; relisez ce qui va se passer avant de confirmer.",
            "Plus rien ? Un gestionnaire notifie, le responsable observe, et votre liste se remplit.",
        ),
    ),
    Lesson(
        Role.COMMITTEE_MEMBER,
        (
            "Ouvrez le dossier le plus récent et lisez ce qui a changé.",
            "Téléchargez le PDF : son titre et chaque page disent « entraînement ».",
            "Comparez avec les chiffres en ligne de votre région.",
        ),
    ),
    Lesson(
        Role.ADMINISTRATOR,
        (
            "Confiez un mandat : une personne nouvelle devient chargée d’études.",
            "Retirez-le : sa page suivante ne s’ouvre plus.",
            "Dans « Messages », lisez ce qui est parti, puis le contrôle du matin.",
            "Avancez l’horloge d’une semaine pour tout le monde.",
        ),
    ),
)
