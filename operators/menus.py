"""Whom the entries of the menu are for, and the words under which subjects group them."""

from cep_portal.accounts.enums import Role

ADVISER = frozenset({Role.ADVISER})
INTAKE = frozenset({Role.INTAKE_OFFICER})
MANAGER = frozenset({Role.OPERATOR_MANAGER})
FRANCE_COMPETENCES = frozenset(Role.of_france_competences)

FOLLOW_UP = "À suivre"
OWN_HOURS = "Mes horaires"
SUPPLY = "Capacité"
NETWORK = "Réseau"
DATA = "Données"
OPERATORS = "Opérateurs"
