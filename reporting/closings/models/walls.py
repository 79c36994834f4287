"""What the database refuses of closings, whoever writes."""

import pgtrigger
from django.db import models
from django.db.models import Q

# Different people are different users: a person may hold two mandates (INV-22).
FROZEN_BY_ANOTHER = """
    IF EXISTS (
        SELECT FROM accounts_mandate AS freezes
        JOIN accounts_mandate AS instructs ON instructs.user_id = freezes.user_id
        WHERE freezes.id = NEW.frozen_under_id AND instructs.id IN (
            SELECT answered_under_id FROM reporting_datadispute WHERE closing_id = NEW.id
            UNION ALL SELECT raised_under_id FROM reporting_datadispute WHERE closing_id = NEW.id
            UNION ALL SELECT unnest(ARRAY[proposed_under_id, decided_under_id])
                FROM reporting_neutralisation
                WHERE contract_id = NEW.contract_id
                    AND first_day < NEW.month + interval '1 month' AND last_day >= NEW.month
        )
    ) THEN
        RAISE EXCEPTION 'frozen_by_another_person: who instructed a month does not freeze it'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM reporting_datadispute WHERE closing_id = NEW.id AND outcome = '') THEN
        RAISE EXCEPTION 'frozen_once_answered: a dispute of this month has no answer'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

IN_AN_OPEN_CLOSING = """
    IF EXISTS (SELECT FROM reporting_closing WHERE id = NEW.closing_id AND state = 'FROZEN') THEN
        RAISE EXCEPTION 'closing_is_frozen: nothing is added to a frozen month'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

RAISED_IN_TIME = """
    IF NOT EXISTS (
        SELECT FROM reporting_closing WHERE id = NEW.closing_id AND state = 'PROVISIONAL'
            AND (NEW.raised_at AT TIME ZONE 'Europe/Paris')::date <= contest_until
    ) THEN
        RAISE EXCEPTION 'raised_in_time: figures are contested while provisional, until their last day'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

NEVER_IN_A_FROZEN_MONTH = """
    IF EXISTS (
        SELECT FROM reporting_closing AS latest
        WHERE latest.contract_id = NEW.contract_id AND latest.state = 'FROZEN'
            AND NEW.first_day < latest.month + interval '1 month' AND NEW.last_day >= latest.month
            AND NOT EXISTS (
                SELECT FROM reporting_closing AS later
                WHERE later.contract_id = latest.contract_id AND later.month = latest.month
                    AND later.number > latest.number
            )
    ) THEN
        RAISE EXCEPTION 'never_in_a_frozen_month: reopen the month first'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


BY_TWO_PEOPLE = """
    IF (SELECT count(DISTINCT user_id) FROM accounts_mandate WHERE id IN (NEW.FIRST, NEW.SECOND)) < 2 THEN
        RAISE EXCEPTION 'by_two_people: SECOND is another person than FIRST'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def two_people(first: str, second: str) -> pgtrigger.Trigger:
    """Who does the second act is not the user who did the first, whatever the mandates."""
    return pgtrigger.Trigger(
        name="by_two_people",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Condition(f"NEW.{second} IS NOT NULL"),
        func=BY_TWO_PEOPLE.replace("FIRST", first).replace("SECOND", second),
    )


def first_day(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(month__day=1),
        violation_error_message="Un mois est désigné par son premier jour.",
    )
