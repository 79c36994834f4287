-- The last instant, no later than the one given, whose facts are all readable: a transaction under way dates
-- its rows from its own beginning, and is read once it is over (docs/adr/0067).
CREATE OR REPLACE FUNCTION portal_settled(instant timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT least(instant, portal_now(), (
        SELECT portal_now() + (min(xact_start) - now()) - interval '1 microsecond'
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            AND xact_start < now()
    ))
$$;
