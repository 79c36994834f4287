-- Slots, computed and never stored (docs/adr/0010, 0017). Functions, so that their plans are made once a connection.
-- Every period is half-open; openings unfold in the local time of their site, then become instants.

-- Whether somebody may receive in [starts_at, ends_at), the buffer to `busy_until` being theirs too.
-- The buffer may run into an absence, never into what is taken.
CREATE OR REPLACE FUNCTION operators_is_free(
    who bigint, starts_at timestamptz, ends_at timestamptz, busy_until timestamptz, place_zone text,
    at_instant timestamptz, ignored bigint[]
) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM operators_advisertime AS taken
        WHERE taken.adviser_id = who
            -- by the index on (adviser, start); nobody is busy for longer than half a day
            AND lower(taken.period) > starts_at - interval '12 hours'
            AND lower(taken.period) < busy_until
            AND upper(taken.period) > starts_at
            AND (taken.expires_at IS NULL OR taken.expires_at > at_instant)
            AND (ignored = '{}' OR taken.source <> ALL(
                ARRAY(SELECT uuid FROM operators_appointment WHERE id = ANY(ignored))
            ))
    ) AND NOT EXISTS (
        SELECT FROM operators_absence AS absence
        WHERE absence.adviser_id = who AND absence.period && tstzrange(starts_at, ends_at)
    ) AND NOT EXISTS (
        SELECT
        FROM operators_recurringabsence AS absence
        JOIN operators_adviser AS adviser ON adviser.id = absence.adviser_id
        JOIN operators_site AS home ON home.id = adviser.site_id
        CROSS JOIN LATERAL unnest(ARRAY[
            (starts_at AT TIME ZONE home.zone)::date, (ends_at AT TIME ZONE home.zone)::date
        ]) AS local (day)
        CROSS JOIN LATERAL (
            SELECT
                absence.first_on + (absence.weekday - extract(isodow FROM absence.first_on)::int + 7) % 7 AS first_day,
                (local.day + absence.starts) AT TIME ZONE home.zone AS from_instant,
                (local.day + absence.ends) AT TIME ZONE home.zone AS to_instant
        ) AS away
        WHERE absence.adviser_id = who
            AND local.day >= away.first_day
            AND (absence.last_on IS NULL OR local.day <= absence.last_on)
            AND (local.day - away.first_day) % (7 * absence.every_weeks) = 0
            -- in the night that lacks an hour an absence may have nothing left
            AND away.from_instant < away.to_instant
            AND away.from_instant < ends_at
            AND away.to_instant > starts_at
    ) AND NOT EXISTS (
        SELECT
        FROM operators_adviser AS adviser
        WHERE adviser.id = who
            AND adviser.max_per_day <= (
                SELECT count(*)
                FROM operators_advisertime AS taken
                JOIN operators_appointment AS appointment ON appointment.uuid = taken.source
                WHERE taken.adviser_id = who
                    AND lower(taken.period) >= date_trunc('day', starts_at, place_zone)
                    AND lower(taken.period)
                        < ((starts_at AT TIME ZONE place_zone)::date + 1)::timestamp AT TIME ZONE place_zone
                    AND (taken.expires_at IS NULL OR taken.expires_at > at_instant)
                    AND appointment.id <> ALL(ignored)
            )
    );
END
$$;

-- The grid: each start of the openings with who opens it, free or not, less holidays and closures.
-- Rules of the same hours unfold together: hours count, not advisers. `kinds` adds up what is offered:
-- 1 level one, 2 level two, 4 on site, 8 by phone, 16 by video.
CREATE OR REPLACE FUNCTION operators_slot_grid(
    wanted_contract bigint, window_starts timestamptz, window_ends timestamptz, wanted_level text,
    wanted_mode text, wanted_sites bigint[], wanted_hours text, step_free boolean, wanted_skills text[],
    from_latitude float8, from_longitude float8, max_km float8, wanted_adviser bigint, phone_fits boolean,
    near_sites bigint[]
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, busy_until timestamptz, site_id bigint, zone text, rank int,
    kinds int, leads bigint[], seconds bigint[]
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH place AS MATERIALIZED (
        SELECT
            site.id,
            site.zone::text AS zone,
            commune.department_id,
            array_position(wanted_sites, site.id) AS rank,
            -- a person is not sent behind steps, nor too far, to sit in a room
            (NOT step_free OR site.is_step_free) AND (near_sites IS NULL OR site.id = ANY(near_sites)) AS is_reachable,
            greatest((window_starts AT TIME ZONE site.zone)::date, contract.starts_on) AS first_day,
            least((window_ends AT TIME ZONE site.zone)::date, contract.ends_on) AS last_day
        FROM operators_site AS site
        JOIN procurement_contract AS contract ON contract.id = site.contract_id
        JOIN territories_commune AS commune ON commune.code = site.commune_id
        WHERE site.contract_id = wanted_contract
            AND site.is_open
            AND (wanted_sites IS NULL OR site.id = ANY(wanted_sites))
            -- haversine over a sphere of 6,371 km
            AND (max_km IS NULL OR 12742 * asin(sqrt(
                power(sind((commune.latitude - from_latitude) / 2), 2)
                + cosd(from_latitude) * cosd(commune.latitude)
                * power(sind((commune.longitude - from_longitude) / 2), 2)
            )) <= max_km)
    ),
    opening AS MATERIALIZED (
        SELECT
            rule.id,
            rule.adviser_id,
            rule.second_adviser_id,
            rule.site_id,
            rule.opens,
            rule.closes,
            -- an access need asks for what is reached or seen; who signs phones through a relay only (phone_fits)
            ('ONE' = ANY(rule.levels))::int
            + 2 * ('TWO' = ANY(rule.levels))::int
            + 4 * ('ON_SITE' = ANY(rule.modes) AND place.is_reachable AND able.is_able)::int
            + 8 * ('PHONE' = ANY(rule.modes) AND phone_fits)::int
            + 16 * ('VIDEO' = ANY(rule.modes) AND able.is_able)::int AS kinds,
            rule.slot_minutes,
            rule.buffer_minutes,
            7 * rule.every_weeks AS every_days,
            -- the first occurrence of the window: rules begun long ago, on different days, fall together
            origin.day + 7 * rule.every_weeks * greatest(
                0, (place.first_day - origin.day + 7 * rule.every_weeks - 1) / (7 * rule.every_weeks)
            ) AS first_day,
            least(place.last_day, rule.last_on) AS last_day
        FROM operators_openingrule AS rule
        JOIN place ON place.id = rule.site_id
        JOIN operators_adviser AS adviser ON adviser.id = rule.adviser_id AND adviser.is_active
        LEFT JOIN operators_adviser AS second ON second.id = rule.second_adviser_id
        CROSS JOIN LATERAL (
            SELECT wanted_skills = '{}' OR wanted_skills <@ (adviser.skills || second.skills)::text[] AS is_able
        ) AS able
        CROSS JOIN LATERAL (
            SELECT rule.first_on + (rule.weekday - extract(isodow FROM rule.first_on)::int + 7) % 7 AS day
        ) AS origin
        WHERE (wanted_adviser IS NULL OR rule.adviser_id = wanted_adviser)
            AND (rule.second_adviser_id IS NULL OR second.is_active)
            AND (wanted_level IS NULL OR wanted_level = ANY(rule.levels))
            AND (wanted_mode IS NULL OR wanted_mode = ANY(rule.modes))
            AND (wanted_hours IS DISTINCT FROM 'saturday' OR rule.weekday = 6)
    ),
    excepted AS MATERIALIZED (
        SELECT exception.rule_id, exception.day, exception.opens, exception.closes
        FROM operators_openingexception AS exception
        WHERE exception.day BETWEEN window_starts::date - 1 AND window_ends::date + 1
            AND exception.rule_id IN (SELECT opening.id FROM opening)
    ),
    -- the days on which a place receives nobody
    day_off AS MATERIALIZED (
        SELECT place.id AS site_id, holiday.day
        FROM place
        JOIN territories_publicholiday AS holiday ON holiday.department_id = place.department_id
        WHERE holiday.is_legal AND holiday.day BETWEEN window_starts::date - 1 AND window_ends::date + 1
        UNION
        SELECT place.id, greatest(closure.first_on, place.first_day) + n
        FROM place
        JOIN operators_siteclosure AS closure ON closure.site_id = place.id
        CROSS JOIN LATERAL generate_series(
            0, least(closure.last_on, place.last_day) - greatest(closure.first_on, place.first_day)
        ) AS n
    ),
    shape AS MATERIALIZED (
        SELECT
            opening.site_id, opening.opens, opening.closes, opening.kinds, opening.slot_minutes,
            opening.buffer_minutes, opening.every_days, opening.first_day, opening.last_day,
            own.rule_id,
            array_agg(opening.adviser_id) AS leads,
            array_agg(opening.second_adviser_id) AS seconds
        FROM opening
        -- a rule with an exception unfolds alone
        LEFT JOIN (SELECT DISTINCT excepted.rule_id FROM excepted) AS own ON own.rule_id = opening.id
        WHERE opening.first_day <= opening.last_day
            AND opening.kinds & CASE wanted_mode WHEN 'ON_SITE' THEN 4 WHEN 'PHONE' THEN 8 WHEN 'VIDEO' THEN 16 ELSE 28 END > 0
        GROUP BY
            opening.site_id, opening.opens, opening.closes, opening.kinds, opening.slot_minutes,
            opening.buffer_minutes, opening.every_days, opening.first_day, opening.last_day, own.rule_id
    ),
    occurrence AS MATERIALIZED (
        SELECT
            place.id AS site_id,
            place.zone,
            place.rank,
            shape.kinds,
            shape.leads,
            shape.seconds,
            make_interval(mins => shape.slot_minutes) AS session,
            make_interval(mins => shape.slot_minutes + shape.buffer_minutes) AS step,
            (nth.day + coalesce(excepted.opens, shape.opens)) AT TIME ZONE place.zone AS opens_at,
            (nth.day + coalesce(excepted.closes, shape.closes)) AT TIME ZONE place.zone AS closes_at
        FROM place
        JOIN shape ON shape.site_id = place.id
        CROSS JOIN LATERAL (
            SELECT shape.first_day + shape.every_days * n AS day
            FROM generate_series(0, (shape.last_day - shape.first_day) / shape.every_days) AS n
        ) AS nth
        LEFT JOIN excepted ON excepted.rule_id = shape.rule_id AND excepted.day = nth.day
        WHERE (excepted.rule_id IS NULL OR excepted.opens IS NOT NULL)
            AND (place.id, nth.day) NOT IN (SELECT day_off.site_id, day_off.day FROM day_off)
    )
    SELECT
        nth.instant,
        nth.instant + occurrence.session,
        nth.instant + occurrence.step,
        occurrence.site_id,
        occurrence.zone,
        occurrence.rank,
        occurrence.kinds,
        occurrence.leads,
        occurrence.seconds
    FROM occurrence
    CROSS JOIN LATERAL generate_series(
        occurrence.opens_at, occurrence.closes_at - occurrence.session, occurrence.step
    ) AS nth (instant)
    WHERE nth.instant >= window_starts
        AND nth.instant < window_ends
        AND (wanted_hours IS NULL OR CASE wanted_hours
            WHEN 'before_9' THEN (nth.instant AT TIME ZONE occurrence.zone)::time < '09:00'
            WHEN 'after_18' THEN (nth.instant AT TIME ZONE occurrence.zone)::time >= '18:00'
            WHEN 'saturday' THEN true
        END);
END
$$;

-- The slots with their advisers and the second of each pair: what a hold decides on.
CREATE OR REPLACE FUNCTION operators_free_slots(
    wanted_contract bigint, window_starts timestamptz, window_ends timestamptz, at_instant timestamptz,
    wanted_level text, wanted_mode text, wanted_sites bigint[], wanted_hours text, step_free boolean,
    wanted_skills text[], from_latitude float8, from_longitude float8, max_km float8, wanted_adviser bigint, ignored bigint[],
    phone_fits boolean, near_sites bigint[]
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, site_id bigint, zone text, kinds int, leads bigint[],
    seconds bigint[], step interval
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        grid.starts_at,
        grid.ends_at,
        grid.site_id,
        grid.zone,
        bit_or(grid.kinds),
        array_agg(one.lead),
        array_agg(one.second),
        max(grid.busy_until - grid.starts_at)
    FROM operators_slot_grid(
        wanted_contract, window_starts, window_ends, wanted_level, wanted_mode, wanted_sites, wanted_hours,
        step_free, wanted_skills, from_latitude, from_longitude, max_km, wanted_adviser,
        phone_fits, near_sites
    ) AS grid
    CROSS JOIN LATERAL unnest(grid.leads, grid.seconds) AS one (lead, second)
    WHERE operators_is_free(
            one.lead, grid.starts_at, grid.ends_at, grid.busy_until, grid.zone, at_instant, ignored
        )
        AND (one.second IS NULL OR operators_is_free(
            one.second, grid.starts_at, grid.ends_at, grid.busy_until, grid.zone, at_instant, ignored
        ))
    GROUP BY grid.starts_at, grid.ends_at, grid.site_id, grid.zone
    ORDER BY grid.starts_at, grid.site_id, grid.ends_at;
END
$$;

-- The times alone, each once, at the first of the wanted sites where somebody is free: what a list shows;
-- once a site with `each_site`.
-- Lazy: an hour is settled by the first free adviser, and the search ends with the last line wanted.
CREATE OR REPLACE FUNCTION operators_slot_times(
    wanted_contract bigint, window_starts timestamptz, window_ends timestamptz, at_instant timestamptz,
    wanted_level text, wanted_mode text, wanted_sites bigint[], wanted_hours text, step_free boolean,
    wanted_skills text[], from_latitude float8, from_longitude float8, max_km float8, wanted_adviser bigint, ignored bigint[],
    phone_fits boolean, near_sites bigint[], each_site boolean, most int
) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz, site_id bigint, zone text, kinds int)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    line record;
    place int;
    found_at timestamptz := '-infinity';
    found_site bigint;
    found_count int := 0;
BEGIN
    FOR line IN
        SELECT grid.*
        FROM operators_slot_grid(
            wanted_contract, window_starts, window_ends, wanted_level, wanted_mode, wanted_sites, wanted_hours,
            step_free, wanted_skills, from_latitude, from_longitude, max_km, wanted_adviser,
        phone_fits, near_sites
        ) AS grid
        ORDER BY grid.starts_at, grid.rank, grid.site_id, grid.ends_at, grid.kinds
    LOOP
        CONTINUE WHEN line.starts_at = found_at AND (NOT each_site OR line.site_id = found_site);
        FOR place IN 1 .. cardinality(line.leads) LOOP
            IF operators_is_free(
                line.leads[place], line.starts_at, line.ends_at, line.busy_until, line.zone, at_instant, ignored
            ) AND (line.seconds[place] IS NULL OR operators_is_free(
                line.seconds[place], line.starts_at, line.ends_at, line.busy_until, line.zone, at_instant, ignored
            )) THEN
                found_at := line.starts_at;
                found_site := line.site_id;
                found_count := found_count + 1;
                starts_at := line.starts_at;
                ends_at := line.ends_at;
                site_id := line.site_id;
                zone := line.zone;
                kinds := line.kinds;
                RETURN NEXT;
                EXIT;
            END IF;
        END LOOP;
        EXIT WHEN found_count >= most;
    END LOOP;
END
$$;
