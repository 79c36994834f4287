"""The one link that opens an account without a password."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str

from cep_portal.accounts.models import User
from cep_portal.common.links import portal_link


def password_link(user: User) -> str:
    """Where a person chooses a password: the link serves once, for PASSWORD_RESET_TIMEOUT seconds."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return portal_link("account_reset_password_from_key", user_pk_to_url_str(user), key)
