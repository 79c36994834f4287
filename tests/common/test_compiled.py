import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cep_portal.accounts.models import AuditEvent
from cep_portal.common.compiled import Ask, Compiled, insert_row, prepared, save_columns
from operators.booking.agenda.models import Appointment
from operators.network.models import Site
from tests.factories.operators import AppointmentFactory, SiteFactory

pytestmark = pytest.mark.django_db


def _sites():
    return Site.objects.select_related("commune", "contract").filter(pk=Ask("key"), is_open=True)


def test_it_reads_what_the_queryset_reads_in_one_statement():
    site, other = SiteFactory(), SiteFactory()
    read = Compiled(_sites)
    for wanted in (site, other):
        with CaptureQueriesContext(connection) as asked:
            (known,) = read(key=wanted.pk)
            town, contract = known.commune, known.contract
        assert len(asked) == 1
        usual = Site.objects.select_related("commune", "contract").get(pk=wanted.pk)
        assert {**vars(known), "_state": None} == {**vars(usual), "_state": None}
        assert (town, contract) == (usual.commune, usual.contract)
        assert (known._state.adding, known._state.db) == (False, "default")


def test_it_keeps_nothing_of_the_former_value():
    site = SiteFactory()
    read = Compiled(_sites)
    assert read.first(key=site.pk) == site
    Site.objects.filter(pk=site.pk).update(is_open=False)
    assert read.first(key=site.pk) is None


def test_annotations_and_ranges_come_as_from_the_queryset():
    booked = AppointmentFactory()
    read = Compiled(lambda: Appointment.objects.filter(uuid=Ask("uuid"), period__startswith__lt=Ask("end")))
    (known,) = read(uuid=booked.uuid, end=booked.ends_at)
    assert (known.period, known.access_needs) == (booked.period, booked.access_needs)
    assert read(uuid=booked.uuid, end=booked.starts_at) == []


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_taken_inside_a_transaction_only():
    site = SiteFactory()
    read = Compiled(lambda: _sites().select_for_update(of=("self",), no_key=True))
    with transaction.atomic():
        assert read.first(key=site.pk) == site
    with pytest.raises(TransactionManagementError):
        read.first(key=site.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_writes_its_own_text():
    site, seen = SiteFactory(), []
    read = Compiled(_sites)

    def look() -> None:
        seen.append(read.first(key=site.pk))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [site] * 3


def test_postgresql_keeps_the_plan_after_five_times():
    site = SiteFactory()
    read = Compiled(_sites)
    for _ in range(7):
        read.first(key=site.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%operators_site%'")
        assert any("$1" in statement for (statement,) in cursor.fetchall())


def test_a_prepared_cursor_leaves_the_others_as_they_are():
    with prepared() as cursor:
        cursor.execute("SELECT %s::int + 1", [1])
        assert cursor.fetchone() == (2,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [1])  # no type but its own: bound in the client
        assert cursor.fetchone() == (1,)


def test_a_row_is_written_with_what_the_database_gives():
    model = AppointmentFactory()
    same = {
        name: getattr(model, name) for name in ("adviser", "site", "period", "busy_period", "level", "mode")
    }
    written = insert_row(Appointment(**same, state="EXPIRED", access_needs=["STEP_FREE"]))
    again = Appointment.objects.get(pk=written.pk)
    for field in Appointment._meta.concrete_fields:
        assert getattr(written, field.attname) == getattr(again, field.attname), field.name
    assert written._state.adding is False


def test_a_line_of_the_journal_keeps_its_details():
    line = insert_row(
        AuditEvent(
            at=timezone.now(), action="tests.done", target_type="tests", target_id=1, data={"by": ["é", 1]}
        )
    )
    assert AuditEvent.objects.get(pk=line.pk).data == {"by": ["é", 1]}


def test_some_columns_are_saved_and_a_row_that_is_gone_is_said():
    site = SiteFactory()
    site.name, site.phone = "Halle", "0299000000"
    save_columns(site, ["name"])
    stored = Site.objects.get(pk=site.pk)
    assert (stored.name, stored.phone != "0299000000") == ("Halle", True)
    Site.objects.filter(pk=site.pk).delete()
    with pytest.raises(Site.NotUpdated):
        save_columns(site, ["name"])
