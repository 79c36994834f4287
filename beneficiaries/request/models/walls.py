"""What the tables of people say by themselves: triggers that a service cannot forget (ADR 0036, 0053)."""

from collections.abc import Sequence

import pgtrigger

# The person of a row changes only between the two people of one merge (ADR 0036), there and back; nothing
# new is written for somebody merged into another.
FOLLOWS_MERGE = """
    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN
        IF EXISTS (
            SELECT FROM beneficiaries_beneficiary
            WHERE (id, merged_into_id) IN (
                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)
            )
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;
    END IF;
    IF (
        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE
    ) IS NOT NULL THEN
        RAISE EXCEPTION 'the person is merged into another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';
    END IF;
    RETURN NEW;
"""
# What a table says by itself when a service forgets the guard (ADR 0053). `FOR KEY SHARE` waits for an
# erasure or a freezing under way, which take the whole row; the words of an erasure itself stay possible.
UNTOUCHED = """
    SELECT {untouchable} INTO untouchable FROM beneficiaries_beneficiary
    WHERE id = ({person}) FOR KEY SHARE;
    IF untouchable THEN
        RAISE EXCEPTION 'the file of this person is frozen or erased: nothing is written in %', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_untouched';
    END IF;
    RETURN NEW;
"""
ERASED_WORDS = ("", "Effacé", "effacé")
# The row kept is locked while one is merged into it: two merges that cross wait, then one is refused.
MERGED_ONCE = """
    IF NEW.merged_into_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS NOT NULL AND OLD.merged_into_id <> NEW.merged_into_id THEN
        RAISE EXCEPTION 'the person is merged already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_once';
    END IF;
    PERFORM FROM beneficiaries_beneficiary
    WHERE id = NEW.merged_into_id AND merged_into_id IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM beneficiaries_beneficiary WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'merges make no chain'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_no_chain';
    END IF;
    RETURN NEW;
"""


def follows_merge() -> pgtrigger.Trigger:
    """The trigger of a table whose rows belong to a person for good, merges apart."""
    return pgtrigger.Trigger(
        name="person_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("beneficiary_id"),
        func=FOLLOWS_MERGE,
    )


def untouched(
    person: str = "NEW.beneficiary_id", *, texts: Sequence[str] = (), named_late: bool = False
) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows speak of a person: `person` is the SQL of their key, from NEW.

    Nothing is inserted for a file frozen or erased; the `texts` of an erased one are only emptied. A row
    `named_late` gets its person after its insertion.
    """
    declare = [("untouchable", "boolean")]
    walls = [
        pgtrigger.Trigger(
            name="file_open",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("beneficiary_id")
            if named_late
            else pgtrigger.Insert,
            condition=pgtrigger.Condition("NEW.beneficiary_id IS NOT NULL") if named_late else None,
            declare=declare,
            func=UNTOUCHED.format(
                person=person, untouchable="restricted_at IS NOT NULL OR erased_at IS NOT NULL"
            ),
        )
    ]
    if texts:
        words = ", ".join(f"'{word}'" for word in ERASED_WORDS)
        written = " OR ".join(
            f"NEW.{name} IS DISTINCT FROM OLD.{name} AND NEW.{name} NOT IN ({words})" for name in texts
        )
        walls.append(
            pgtrigger.Trigger(
                name="words_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(*texts),
                condition=pgtrigger.Condition(written),
                declare=declare,
                func=UNTOUCHED.format(person=person, untouchable="erased_at IS NOT NULL"),
            )
        )
    return walls
