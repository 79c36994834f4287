-- A person is never booked while they have a place in a group session: the other half of has_room.
-- The refusal bears the name of the appointment's own exclusion, so that the caller says the same words.
CREATE OR REPLACE FUNCTION operators_person_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM operators_groupplace AS place
        JOIN operators_groupsession AS session ON session.id = place.session_id
        WHERE place.beneficiary_id = NEW.beneficiary_id
            AND place.state <> 'CANCELLED'
            AND session.period && NEW.period
    ) THEN
        RAISE EXCEPTION 'the person has a place in a group session at that time'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'appointment_person_never_twice';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER person_elsewhere
BEFORE INSERT OR UPDATE OF state, beneficiary_id, period ON operators_appointment
FOR EACH ROW
WHEN (NEW.beneficiary_id IS NOT NULL AND NEW.state IN ('BOOKED', 'ATTENDED', 'NO_SHOW'))
EXECUTE FUNCTION operators_person_elsewhere();
