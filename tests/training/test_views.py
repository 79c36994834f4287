"""The pages of the place: open to all who learn, led by some, absent from a real portal."""

from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.access import PUBLIC
from cep_portal.demo.dataset.accounts import ACCOUNTS
from cep_portal.training.gateways import progress
from cep_portal.training.models import TrainingPlace
from cep_portal.training.presenters import EXERCISES
from tests.access.routes import routes
from tests.factories.accounts import UserFactory
from tests.factories.territories import RegionFactory
from tests.training.conftest import NOW

pytestmark = pytest.mark.django_db
LEADERS = {Role.OPERATOR_MANAGER, Role.ADMINISTRATOR}
MATRIX = {
    "training:place": PUBLIC,
    "training:status": PUBLIC,
    "training:clock_move": LEADERS,
    "training:reset": LEADERS,
}


@pytest.fixture
def in_place(training, place, client):
    """A browser in the place, with the middleware that its settings add."""
    middleware = training.MIDDLEWARE
    session = middleware.index("django.contrib.sessions.middleware.SessionMiddleware")
    training.MIDDLEWARE = [
        *middleware[:session],
        "cep_portal.training.middleware.place",
        *middleware[session:],
    ]
    return client


def text(answer) -> str:
    """A page with its no-break spaces as plain ones."""
    return answer.content.decode().replace("\xa0", " ")


def person(role) -> User:
    region = RegionFactory() if role == Role.COMMITTEE_MEMBER else None
    return UserFactory(role=role, role__region=region)


def test_matrix_lists_every_page_of_the_place(training):
    names = {route.name for route in routes() if route.name.startswith("training:")}

    assert names == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_real_portal_has_no_such_page(name, client):
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert client.get("/entrainement/").status_code == 404


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_pages_open_for_the_roles_of_the_matrix_only(in_place, name, role):
    if role is not None:
        in_place.force_login(person(role))

    answer = in_place.get(reverse(name))

    if MATRIX[name] == PUBLIC or role in LEADERS:
        assert answer.status_code == (405 if name == "training:clock_move" else 200)
    elif role is None:
        assert answer.headers["Location"].startswith("/compte/login/")
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("name", ["training:clock_move", "training:reset"])
def test_an_adviser_neither_moves_nor_resets(in_place, place, name):
    in_place.force_login(person(Role.ADVISER))

    assert in_place.post(reverse(name), {"step": "DAY", "sure": "on"}).status_code == 403
    place.refresh_from_db()
    assert (place.moving_to, progress.rebuilding()) == (None, None)


def test_page_gives_the_hour_of_the_place_and_exercises_by_role(in_place):
    TrainingPlace.objects.update(ahead=timedelta(days=3))

    answer = in_place.get(reverse("training:place"))

    page = text(answer)
    assert "lundi 23 novembre 2026 à 10 h 30" in page
    assert "3 jours d’avance" in page
    assert {lesson.role for lesson in answer.context["exercises"]} == set(Role)
    assert "Avancer l’horloge</button>" not in page


def test_each_exercise_has_an_account_of_the_region():
    assert {lesson.email for lesson in EXERCISES} == {account.email for account in ACCOUNTS}


def test_each_page_of_the_portal_says_where_one_is(in_place):
    page = text(in_place.get("/"))

    assert "Lieu d’entraînement." in page
    assert "Personnes et chiffres inventés. Ici, nous sommes le vendredi 20 novembre 2026 à 10 h 30." in page


def test_a_manager_moves_the_clock(in_place, place, training):
    in_place.force_login(person(Role.OPERATOR_MANAGER))

    answer = in_place.post(reverse("training:clock_move"), {"step": "DAY"})

    assert answer.headers["Location"] == reverse("training:place")
    place.refresh_from_db()
    assert place.moving_to == NOW + timedelta(days=1)


def test_the_move_is_shown_until_the_clock_stands(in_place, place):
    TrainingPlace.objects.update(moving_to=NOW + timedelta(days=1))

    moving = in_place.get(reverse("training:status"))
    assert "vendredi 20 novembre 2026 à 10 h 30" in text(moving)
    assert "HX-Refresh" not in moving.headers

    TrainingPlace.objects.update(moving_to=None)
    assert in_place.get(reverse("training:status")).headers["HX-Refresh"] == "true"


def test_a_move_refused_says_why(in_place, place):
    in_place.force_login(person(Role.OPERATOR_MANAGER))
    TrainingPlace.objects.update(moving_to=NOW + timedelta(days=1))

    answer = in_place.post(reverse("training:clock_move"), {"step": "DAY"}, follow=True)

    assert "L’horloge avance déjà" in answer.content.decode()


def test_a_step_that_does_not_exist_moves_nothing(in_place, place):
    in_place.force_login(person(Role.OPERATOR_MANAGER))

    answer = in_place.post(reverse("training:clock_move"), {"step": "YEAR"}, follow=True)

    assert "Choisissez jusqu’où" in answer.content.decode()
    place.refresh_from_db()
    assert place.moving_to is None


def test_the_reset_asks_before(in_place):
    in_place.force_login(person(Role.ADMINISTRATOR))

    answer = in_place.post(reverse("training:reset"))

    assert "Cochez la case" in answer.content.decode()
    assert progress.rebuilding() is None


def test_a_leader_has_the_place_rebuilt(in_place):
    in_place.force_login(person(Role.ADMINISTRATOR))

    answer = in_place.post(reverse("training:reset"), {"sure": "on"})

    assert answer.headers["Location"] == reverse("training:place")
    assert progress.rebuilding() is not None


def test_the_reset_waits_for_the_clock_to_stand(in_place):
    in_place.force_login(person(Role.ADMINISTRATOR))
    TrainingPlace.objects.update(moving_to=NOW + timedelta(days=1))

    answer = in_place.post(reverse("training:reset"), {"sure": "on"})

    assert "attendez un instant" in answer.content.decode()


def test_while_it_is_rebuilt_each_page_says_so_without_the_database(in_place, django_assert_num_queries):
    progress.begin()
    progress.tell("Personnes, agendas")

    with django_assert_num_queries(0):
        answer = in_place.get("/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert "Personnes, agendas" in answer.content.decode()
    assert in_place.get("/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert in_place.get("/sante/").status_code == 200


def test_a_database_that_is_no_place_opens_no_page(in_place):
    TrainingPlace.objects.all().delete()

    answer = in_place.get("/")

    assert answer.status_code == 503
    assert "n’est pas encore ouvert" in answer.content.decode()
