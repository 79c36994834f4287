-- The instant at which a fact becomes known: one for a whole transaction. `portal.past` is said by who builds
-- a past (cep_portal.common.pasts.told_at), `portal.now` by tests, whose clock stands still, `portal.ahead` of a
-- database whose processes are given another clock than PostgreSQL's (docs/adr/0067).
CREATE OR REPLACE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        nullif(current_setting('portal.past', true), '')::timestamptz,
        nullif(current_setting('portal.now', true), '')::timestamptz,
        now() + coalesce(nullif(current_setting('portal.ahead', true), ''), '0')::interval
    )
$$;
