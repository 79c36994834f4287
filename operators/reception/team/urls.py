from django.urls import path

from operators.reception.team.views import advisers, departures, figures, sites

SITES = "bureau/sites/"
ADVISER = f"{SITES}conseillers/<uuid:uuid>/"

urlpatterns = [
    path("bureau/premiers-pas/", figures.first_steps, name="first_steps"),
    path("bureau/saisie/qualite/", figures.log_quality_page, name="log_quality"),
    path(f"{SITES}ouvrir/", sites.site_add, name="site_add"),
    path(f"{SITES}<slug:slug>/modifier/", sites.site_change, name="site_change"),
    path(f"{SITES}<slug:slug>/fermer/", sites.site_close, name="site_close"),
    path(f"{SITES}conseillers/inviter/", advisers.adviser_invite, name="adviser_invite"),
    path(f"{ADVISER}inviter/", advisers.adviser_invite_again, name="adviser_invite_again"),
    path(f"{ADVISER}lieu/", advisers.adviser_move, name="adviser_move"),
    path(f"{ADVISER}suspendre/", departures.adviser_suspend, name="adviser_suspend"),
    path(f"{ADVISER}reprendre/", departures.adviser_resume, name="adviser_resume"),
]
