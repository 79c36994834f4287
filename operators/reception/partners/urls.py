from django.urls import path

from operators.reception.partners import views

HELD = "bureau/accompagnements/retenu/<uuid:uuid>/"

urlpatterns = [
    path("partenaires/", views.partner_home, name="partner_home"),
    path("bureau/accompagnements/", views.partner_list, name="partner_list"),
    path("bureau/accompagnements/nouveau/", views.partner_start, name="partner_start"),
    path(HELD, views.partner_contact, name="partner_contact"),
    path(f"{HELD}code/<uuid:code>/", views.partner_code, name="partner_code"),
    path("bureau/accompagnements/<slug:reference>/", views.partner_slots, name="partner_slots"),
    path("rendez-vous/<str:signed>/partage/", views.partner_withdraw, name="partner_withdraw"),
    path("rendez-vous/<str:signed>/partage/oui/", views.partner_share, name="partner_share"),
]
