from django.urls import path

from reporting.dashboards import api, views

urlpatterns = [
    path("pilotage/", views.national, name="national"),
    path("pilotage/export.csv", views.national_export, name="national_csv"),
    path("pilotage/regions/<str:code>/", views.region, name="region"),
    path("pilotage/regions/<str:code>/export.csv", views.region_export, name="region_csv"),
    path("pilotage/indicateurs/<slug:code>/", views.indicator, name="indicator"),
    path("api/v1/indicators/", api.indicators, name="api_indicators"),
    path("bureau/mon-lot/", views.lot, name="lot"),
]
