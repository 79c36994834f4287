from django.urls import path

from cep_portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("changer-de-role/", views.switch, name="switch"),
    path("mandats/", views.mandate_list, name="mandate_list"),
    path("mandats/<uuid:uuid>/retirer/", views.mandate_end, name="mandate_end"),
]
