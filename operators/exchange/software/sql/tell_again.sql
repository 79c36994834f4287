-- Who leaves a frozen file is told again whole: its rows were passed over while nobody was to read them (ADR 0057).
CREATE OR REPLACE FUNCTION operators_tell_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE beneficiaries_servicerequest SET changed_xid = pg_current_xact_id() WHERE beneficiary_id = NEW.id;
    UPDATE operators_appointment SET changed_xid = pg_current_xact_id() WHERE beneficiary_id = NEW.id;
    UPDATE operators_pathway SET changed_xid = pg_current_xact_id() WHERE beneficiary_id = NEW.id;
    UPDATE operators_counsellingsession SET changed_xid = pg_current_xact_id()
    WHERE pathway_id IN (SELECT id FROM operators_pathway WHERE beneficiary_id = NEW.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER operators_tell_again
AFTER UPDATE OF restricted_at ON beneficiaries_beneficiary
FOR EACH ROW WHEN (OLD.restricted_at IS NOT NULL AND NEW.restricted_at IS NULL AND NEW.erased_at IS NULL)
EXECUTE FUNCTION operators_tell_again();
