"""The code that confirms a right: for some minutes, some tries, once, and few in an hour."""

from datetime import timedelta

import pytest

from beneficiaries.request.errors import CodeExhausted, CodeExpired, CodesTooMany, CodeWrong
from beneficiaries.rights import services
from beneficiaries.rights.models import Erasure
from cep_portal.messaging.models import Message
from tests.beneficiaries.rights.people import NOW, somebody
from tests.beneficiaries.rights.test_erasure import code_sent
from tests.beneficiaries.test_request_services import wrong

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


@pytest.fixture
def person():
    return somebody()


def ask(person, *, now=NOW):
    return services.ask_erasure(beneficiary=person.row, now=now)


def use(person, person_code, code, *, now=NOW):
    return services.erase_by_code(person_code=person_code, code=code, now=now, by=person.user)


def test_code_confirms_until_its_minutes_are_over(person):
    person_code = ask(person)

    with pytest.raises(CodeExpired):
        use(person, person_code, code_sent(person_code), now=NOW + timedelta(minutes=15))
    use(person, person_code, code_sent(person_code), now=NOW + timedelta(minutes=15) - timedelta(seconds=1))

    assert Erasure.objects.count() == 1


def test_wrong_tries_are_counted_and_the_fifth_is_the_last(person):
    person_code = ask(person)
    code = code_sent(person_code)

    for left in ("4 essais", "3 essais", "2 essais", "1 essai", "0 essai"):
        with pytest.raises(CodeWrong, match=left):
            use(person, person_code, wrong(code))
    with pytest.raises(CodeExhausted):
        use(person, person_code, code)

    person_code.refresh_from_db()
    assert (person_code.attempts, Erasure.objects.count()) == (5, 0)


def test_five_codes_an_hour_are_sent_then_one_as_the_first_grows_old(person):
    sent = Message.objects.count()
    for minutes in range(5):
        ask(person, now=NOW + timedelta(minutes=minutes))

    with pytest.raises(CodesTooMany):
        ask(person, now=NOW + timedelta(minutes=59))
    ask(person, now=NOW + timedelta(minutes=60))

    assert Message.objects.count() == sent + 6
