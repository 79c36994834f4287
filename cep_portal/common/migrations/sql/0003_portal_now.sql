-- The instant at which a fact becomes known: one for a whole transaction. `portal.past` is said by who builds
-- a past (cep_portal.common.pasts.told_at), `portal.now` by tests, whose clock stands still (docs/adr/0067).
CREATE OR REPLACE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        nullif(current_setting('portal.past', true), '')::timestamptz,
        nullif(current_setting('portal.now', true), '')::timestamptz,
        now()
    )
$$;
