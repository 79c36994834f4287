from django.urls import path

from procurement.tender import views

urlpatterns = [
    path("pilotage/marches/", views.market_list, name="market_list"),
    path("pilotage/lots/<uuid:uuid>/", views.lot_detail, name="lot_detail"),
]
