from django.urls import include, path

from cep_portal.accounts.views import desk, sessions, sign_in_moved, to_do
from cep_portal.common.health import health

NOT_OFFERED = ("signup", "email", "password/change", "password/set")
OLD_SIGN_IN = ("login/code", "login/code/confirm")  # in messages and bookmarks of before

urlpatterns = [
    path("", include("beneficiaries.urls")),
    path("", include("operators.urls")),
    path("", include("procurement.urls")),
    path("", include("reporting.urls")),
    path("", include("cep_portal.documents.urls")),
    path("", include("cep_portal.messaging.urls")),
    path("", include("cep_portal.territories.urls")),
    path("accueil/", desk, name="desk"),
    path("a-faire/", to_do, name="to_do"),
    path("compte/connexions/", sessions, name="sessions"),
    path("administration/", include("cep_portal.accounts.urls")),
    # What the portal does not offer: allauth's own pages would answer there, in English.
    *(path(f"compte/{page}/", desk, name="account_closed") for page in NOT_OFFERED),
    *(path(f"compte/{page}/", sign_in_moved, name="sign_in_moved") for page in OLD_SIGN_IN),
    path("compte/", include("allauth.urls")),
    path("", include("cep_portal.common.urls")),
    path("sante/", health, name="health"),
]

handler404 = "cep_portal.common.refusals.not_found"
handler429 = "cep_portal.common.throttle.handler429"
handler500 = "cep_portal.common.refusals.server_error"
