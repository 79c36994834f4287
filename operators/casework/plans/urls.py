from django.urls import path

from operators.casework.plans.views import actions, desk, person, ready, targets

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/plan/", desk.plan, name="plan"),
    path("bureau/parcours/<uuid:uuid>/plan/metiers/", targets.targets, name="plan_targets"),
    path("bureau/plan/metiers/<uuid:uuid>/retirer/", targets.target_remove, name="plan_target_remove"),
    path("bureau/plan/objectifs/<uuid:uuid>/", desk.objective, name="plan_objective"),
    path("bureau/plan/objectifs/<uuid:uuid>/ranger/", desk.objective_shift, name="plan_objective_shift"),
    path("bureau/plan/objectifs/<uuid:uuid>/retirer/", desk.objective_remove, name="plan_objective_remove"),
    path("bureau/plan/actions/<uuid:uuid>/", actions.action, name="plan_action"),
    path("bureau/plan/actions/<uuid:uuid>/etat/", actions.action_state, name="plan_action_state"),
    path("bureau/plan/actions/<uuid:uuid>/ranger/", actions.action_shift, name="plan_action_shift"),
    path("bureau/actions-types/", ready.ready_list, name="ready_action_list"),
    path("bureau/actions-types/<uuid:uuid>/retirer/", ready.ready_withdraw, name="ready_action_withdraw"),
    path("mon-espace/plan/<uuid:uuid>/", person.own_action, name="own_action"),
    path("mon-espace/plan/<uuid:uuid>/etat/", person.own_action_state, name="own_action_state"),
]
