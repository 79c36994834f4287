"""Every page of an erased and of a frozen file, as every role: no act, no technical address, no invitation.

The pages are those of the matrix; what is written is read from every table that leads to a person.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client

from beneficiaries.request.models import ERASED_DOMAIN, Beneficiary, ServiceRequest
from beneficiaries.request.services.nobody import make_nobody
from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN, TOKEN
from tests.access.matrix import MATRIX
from tests.access.person_services import paths_to_person
from tests.access.test_matrix import path_of
from tests.access.world import build_both
from tests.clock import present

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# The person's own rights over a frozen file, and what a person may always do.
RIGHTS = {
    *(
        f"beneficiaries:{page}"
        for page in ("preferences", "my_data", "rectify", "email_change", "email_code")
    ),
    *(f"beneficiaries:{page}" for page in ("export_ask", "export", "export_download", "restrict", "erase")),
    *("beneficiaries:erase_code", "beneficiaries:file_keep", "beneficiaries:complaint_write"),
    *("beneficiaries:attestation", "beneficiaries:request_prove", "beneficiaries:request_code"),
}
# Rows that no page of a person writes: the lists of an operator, what the world itself moves by its clock.
BY_THE_CLOCK = {"operators_duplicatepair"}
NAME = "Quetzalcoatl"
STATES = ["frozen", "erased"]
KEYS = {"reference", "signed", "token"}


@pytest.fixture(scope="module", params=STATES)
def side(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The world of the matrix, in which everybody has frozen the file, or is erased."""
    from django.test import override_settings

    folder = override_settings(PORTAL_DATA_DIR=str(tmp_path_factory.mktemp("pages")))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        here, _ = build_both()
        person = Beneficiary.objects.get(user=here.people[Role.BENEFICIARY])
        ServiceRequest.objects.filter(beneficiary=None).update(beneficiary=person)
        here.state, here.own = request.param, _keys_of_people()
        Beneficiary.objects.update(last_name=NAME)
        if request.param == "frozen":
            Beneficiary.objects.update(restricted_at=present())
        else:
            for key in Beneficiary.objects.values_list("pk", flat=True):
                make_nobody(key, present())
        yield here
        transaction.set_rollback(True)


def _keys_of_people() -> set:
    """The identifiers of every row that leads to a person."""
    named = [model for model in paths_to_person() if hasattr(model, "uuid")]
    return {key for model in named for key in model._default_manager.values_list("uuid", flat=True)}


def visitors(side, name: str) -> list:
    """Who may open the page; nobody signed in, for a public one."""
    allowed = MATRIX[name]
    if allowed == TOKEN:
        return []
    people = [(role, user) for role, user in side.people.items() if _is_there(side, role)]
    if allowed == PUBLIC:
        return [(None, None), *((role, user) for role, user in people if role == Role.BENEFICIARY)]
    return [(role, user) for role, user in people if allowed == SIGNED_IN or role in allowed]


def _is_there(side, role) -> bool:
    """An erased person has no account."""
    return role != Role.BENEFICIARY or side.state == "frozen"


def visit(user, path: str, method: str = "get", data=None):
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user)
    with transaction.atomic():
        return getattr(client, method)(path, data or {})


def text_of(response) -> str:
    return response.getvalue().decode(errors="replace")


def main_of(response) -> str:
    main = re.search(r"<main.*?</main>", text_of(response), re.DOTALL)
    return main.group() if main else ""


PERSON_PAGES = sorted(
    name for name in MATRIX if name.startswith(("beneficiaries:", "operators:", "reporting:"))
)


def pages(side):
    for name in PERSON_PAGES:
        for role, user in visitors(side, name):
            response = visit(user, path_of(side, name))
            if response.status_code == 200:
                yield name, role, response


def is_of_a_person(side, name: str) -> bool:
    """The page of one object of a person, named by its address; lists and the public road stand apart."""
    named = side.kwargs.get(name, {})
    if name in RIGHTS or not named:
        return False
    return named["uuid"] in side.own if "uuid" in named else bool(named.keys() & KEYS)


def acts(side, text: str) -> list[str]:
    """The forms that send something, but the way out of the session."""
    return [
        action for action in re.findall(r"<form[^>]*method=\"post\"[^>]*>", text) if "logout" not in action
    ]


def test_no_page_shows_a_technical_address(side):
    shown = [f"{name} ({role})" for name, role, page in pages(side) if ERASED_DOMAIN[1:] in text_of(page)]

    assert shown == []


# They name whose coming appointment an absence would touch: a real freezing has cancelled those before.
OVER_BOOKINGS = {"operators:adviser_suspend", "operators:site_close"}


def test_nobody_but_the_person_reads_the_name(side):
    """A frozen file is hidden from every list and every search of an operator; an erased one has no name."""
    named = [
        f"{name} ({role})"
        for name, role, page in pages(side)
        if role != Role.BENEFICIARY and name not in OVER_BOOKINGS and NAME in text_of(page)
    ]

    assert named == []


def test_no_page_of_the_person_shows_an_act(side):
    """Own rights apart: whatever else could be sent would be refused."""
    person = [(name, page) for name, role, page in pages(side) if role == Role.BENEFICIARY]
    own = [(name, page) for name, page in person if MATRIX[name] != PUBLIC and name not in RIGHTS]

    assert [f"{name}: {act}" for name, page in own for act in acts(side, main_of(page))] == []


INVITATIONS = (
    "/rendez-vous/choisir/",
    "/reunions/demande",
    "Choisir un créneau",
    "Prendre un autre rendez-vous",
)
FALSE = ("Votre conseiller voit ces fichiers", "suit votre demande", "lira ce mot")


def test_no_page_of_the_file_invites_to_book_nor_says_what_is_false(side):
    names = {"beneficiaries:request", "beneficiaries:space", "beneficiaries:space_page"}
    names |= {name for name in PERSON_PAGES if is_of_a_person(side, name)}
    wrong = [
        f"{name} ({role}): {words}"
        for name, role, page in pages(side)
        if name in names
        for words in (*INVITATIONS, *FALSE)
        if words in main_of(page)
    ]

    assert wrong == []


def digest() -> dict[str, str]:
    """What every table that leads to a person holds, one mark a table."""
    marks = {}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in paths_to_person()} - BY_THE_CLOCK):
            whole = "coalesce(string_agg(one::text, chr(10) ORDER BY one::text), '')"
            cursor.execute(f'SELECT md5({whole}) FROM "{table}" AS one')
            marks[table] = cursor.fetchone()[0]
    return marks


WORDS = ("title", "comment", "words", "situation", "project", "recipient", "name", "note")
SENT = dict.fromkeys(WORDS, "canari 06 39 98 55 44") | {
    "text": "canari",
    "outcome": "GOAL_REACHED",
    "actor": "PERSON",
    "etat": "fait",
    "kind": "OTHER",
    "first_name": "A",
    "last_name": "B",
    "email": "a@exemple.example",
    "phone": "06 39 98 55 44",
    "agreed": "on",
    "days": "7",
    "satisfaction": "5",
    "answer": "KEPT",
    "reponse": "oui",
    "modalite": "telephone",
    "attendance": "ATTENDED",
    "reason": "SAID",
    "voie": "CALL_BACK",
    "state": "ACCEPTED",
}


def test_no_page_writes_on_the_file(side):
    """Each address that is a person's, sent a form by each role that may: every table stays as it was."""
    before, moved = digest(), []
    for name in PERSON_PAGES:
        if not is_of_a_person(side, name) or name.startswith("beneficiaries:complaint"):
            continue
        for role, user in visitors(side, name):
            with transaction.atomic():
                visit(user, path_of(side, name), "post", SENT)
                after = digest()
                moved += [f"{name} ({role}): {table}" for table in after if after[table] != before[table]]
                transaction.set_rollback(True)

    assert moved == []
