-- The instant at which a fact becomes known: that of the portal, one for a whole transaction. `portal.now`
-- is said by who writes a past (the demonstration, an import) and by tests, whose clock stands still.
CREATE OR REPLACE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('portal.now', true), '')::timestamptz, now())
$$;
