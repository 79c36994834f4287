from django.urls import path

from cep_portal.common import views

app_name = "common"
urlpatterns = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("conditions/", views.terms, name="terms"),
    path("plan-du-site/", views.sitemap, name="sitemap"),
    path("aide/", views.help_page, name="help"),
    path("contact/", views.contact, name="contact"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("composants/", views.components_page, name="components"),
    path("composants/attente/", views.components_wait, name="components_wait"),
]
