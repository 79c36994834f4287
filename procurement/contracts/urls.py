from django.urls import path

from procurement.contracts import views

urlpatterns = [
    path("pilotage/contrats/", views.contract_list, name="contract_list"),
    path("pilotage/contrats/export.csv", views.contract_export, name="contract_export"),
    path("pilotage/contrats/<uuid:uuid>/", views.contract_detail, name="contract_detail"),
]
