from django.urls import path

from reporting.closings.views import bureau, figures, pilotage

urlpatterns = [
    path("pilotage/arretes/", pilotage.closings, name="closings"),
    path("pilotage/arretes/arreter/", pilotage.closings_freeze, name="closings_freeze"),
    path("pilotage/arretes/<uuid:uuid>/", pilotage.closing, name="closing"),
    path("pilotage/arretes/<uuid:uuid>/arreter/", pilotage.closing_freeze, name="closing_freeze"),
    path("pilotage/arretes/<uuid:uuid>/rouvrir/", pilotage.reopening_ask, name="reopening_ask"),
    path(
        "pilotage/arretes/<uuid:uuid>/neutraliser/",
        pilotage.neutralisation_propose,
        name="neutralisation_propose",
    ),
    path("pilotage/reouvertures/<uuid:uuid>/", pilotage.reopening_decide, name="reopening_decide"),
    path("pilotage/contestations/<uuid:uuid>/", pilotage.dispute_answer, name="dispute_answer"),
    path(
        "pilotage/neutralisations/<uuid:uuid>/", pilotage.neutralisation_decide, name="neutralisation_decide"
    ),
    path("pilotage/revisions/<uuid:uuid>/", pilotage.restatement_decide, name="restatement_decide"),
    path("pilotage/chiffres/<uuid:uuid>/", figures.figure, name="figure"),
    path("pilotage/chiffres/<uuid:uuid>/comparer/", figures.figure_compare, name="figure_compare"),
    path("pilotage/chiffres/<uuid:uuid>/preuves/", figures.figure_evidence, name="figure_evidence"),
    path("bureau/arretes/", bureau.own_closings, name="own_closings"),
    path("bureau/arretes/<uuid:uuid>/", bureau.own_closing, name="own_closing"),
    path("bureau/chiffres/<uuid:uuid>/", figures.own_figure, name="own_figure"),
]
