"""Django's rules of passwords, in our words (AUTH_PASSWORD_VALIDATORS)."""

from django.contrib.auth import password_validation as usual


class LongPassword(usual.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Mot de passe trop court : {self.min_length} caractères au moins."

    def get_help_text(self) -> str:
        return f"{self.min_length} caractères au moins."


class UnlikePerson(usual.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "Ce mot de passe ressemble trop à votre nom ou à votre adresse. Choisissez-en un autre."

    def get_help_text(self) -> str:
        return "Sans votre nom ni votre adresse."


class UncommonPassword(usual.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Ce mot de passe est trop courant : on le devinerait. Choisissez-en un autre."

    def get_help_text(self) -> str:
        return "Pas un mot de passe courant."
