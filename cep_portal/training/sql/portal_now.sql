-- In the training place, the machine's clock plus what people moved it forward by (docs/adr/0038, 0067).
CREATE OR REPLACE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        nullif(current_setting('portal.past', true), '')::timestamptz,
        nullif(current_setting('portal.now', true), '')::timestamptz,
        now() + coalesce(nullif(current_setting('portal.ahead', true), ''), '0')::interval
            + coalesce((SELECT ahead FROM training_trainingplace WHERE id = 1), interval '0')
    )
$$;
