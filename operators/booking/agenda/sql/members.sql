-- Free slots by set algebra: openings − holidays − absences − live appointments, in one statement.
-- Openings unfold in the local time of their site, then become instants: both clock changes are right.
-- Every period is half-open. Rows are merged by time and site, never adviser × time.
WITH place AS (
    SELECT
        site.id,
        site.zone,
        commune.department_id,
        greatest((%(starts)s AT TIME ZONE site.zone)::date, contract.starts_on) AS first_day,
        least((%(ends)s AT TIME ZONE site.zone)::date, contract.ends_on) AS last_day
    FROM operators_site AS site
    JOIN procurement_contract AS contract ON contract.id = site.contract_id
    JOIN territories_commune AS commune ON commune.code = site.commune_id
    WHERE site.contract_id = %(contract)s
        AND site.is_open
        AND (NOT %(step_free)s OR site.is_step_free)
        AND (%(site)s::bigint IS NULL OR site.id = %(site)s)
        -- haversine over a sphere of 6,371 km
        AND (%(max_km)s::float8 IS NULL OR 12742 * asin(sqrt(
            power(sind((commune.latitude - %(latitude)s::float8) / 2), 2)
            + cosd(%(latitude)s::float8) * cosd(commune.latitude)
            * power(sind((commune.longitude - %(longitude)s::float8) / 2), 2)
        )) <= %(max_km)s)
),
day_off AS MATERIALIZED (
    SELECT department_id, day
    FROM territories_publicholiday
    WHERE is_legal
        AND day BETWEEN %(starts)s::timestamptz::date - 1 AND %(ends)s::timestamptz::date + 1
),
opening AS (
    SELECT
        rule.adviser_id,
        rule.site_id,
        rule.opens,
        rule.closes,
        'ONE' = ANY(rule.levels) AS one,
        'TWO' = ANY(rule.levels) AS two,
        'ON_SITE' = ANY(rule.modes) AS on_site,
        'PHONE' = ANY(rule.modes) AS phone,
        'VIDEO' = ANY(rule.modes) AS video,
        make_interval(mins => rule.slot_minutes) AS session,
        make_interval(mins => rule.slot_minutes + rule.buffer_minutes) AS step,
        7 * rule.every_weeks AS every_days,
        rule.first_on + (rule.weekday - extract(isodow FROM rule.first_on)::int + 7) %% 7 AS origin,
        place.zone,
        place.department_id,
        place.first_day,
        least(place.last_day, rule.last_on) AS last_day
    FROM operators_openingrule AS rule
    JOIN place ON place.id = rule.site_id
    JOIN operators_adviser AS adviser ON adviser.id = rule.adviser_id AND adviser.is_active
    WHERE (%(adviser)s::bigint IS NULL OR rule.adviser_id = %(adviser)s)
        AND (%(level)s::text IS NULL OR %(level)s = ANY(rule.levels))
        AND (%(mode)s::text IS NULL OR %(mode)s = ANY(rule.modes))
        AND (%(hours)s::text IS NULL OR CASE %(hours)s
            WHEN 'before_9' THEN rule.opens < '09:00'
            WHEN 'after_18' THEN rule.closes > '18:00'
            WHEN 'saturday' THEN rule.weekday = 6
        END)
),
occurrence AS (
    SELECT
        opening.*,
        (nth.day + opening.opens) AT TIME ZONE opening.zone AS opens_at,
        (nth.day + opening.closes) AT TIME ZONE opening.zone AS closes_at
    FROM opening
    CROSS JOIN LATERAL (
        SELECT opening.origin + opening.every_days * n AS day
        FROM generate_series(
            greatest(0, (opening.first_day - opening.origin + opening.every_days - 1) / opening.every_days),
            CASE
                WHEN opening.last_day < opening.origin THEN -1
                ELSE (opening.last_day - opening.origin) / opening.every_days
            END
        ) AS n
    ) AS nth
    WHERE (opening.department_id, nth.day) NOT IN (SELECT department_id, day FROM day_off)
),
taken AS (
    SELECT adviser_id, range_agg(period) AS periods
    FROM operators_advisertime
    WHERE adviser_id = ANY(ARRAY(SELECT adviser_id FROM opening))
        AND (expires_at IS NULL OR expires_at > %(now)s)
        -- by the index on (adviser, start); nobody is busy for longer than half a day
        AND lower(period) > %(starts)s - interval '12 hours'
        AND lower(period) < %(ends)s + interval '12 hours'
        AND source <> ALL(ARRAY(SELECT uuid FROM operators_appointment WHERE id = ANY(%(ignored)s::bigint[])))
    GROUP BY adviser_id
),
away AS (
    SELECT adviser_id, range_agg(period) AS periods
    FROM operators_absence
    WHERE adviser_id = ANY(ARRAY(SELECT adviser_id FROM opening))
        AND period && tstzrange(%(starts)s, %(ends)s + interval '12 hours')
    GROUP BY adviser_id
),
candidate AS (
    SELECT
        occurrence.*,
        starts_at,
        starts_at + occurrence.session AS ends_at
    FROM occurrence
    CROSS JOIN LATERAL generate_series(
        occurrence.opens_at, occurrence.closes_at - occurrence.session, occurrence.step
    ) AS starts_at
    WHERE starts_at >= %(starts)s
        AND starts_at < %(ends)s
        AND (%(hours)s::text IS NULL OR CASE %(hours)s
            WHEN 'before_9' THEN (starts_at AT TIME ZONE occurrence.zone)::time < '09:00'
            WHEN 'after_18' THEN (starts_at AT TIME ZONE occurrence.zone)::time >= '18:00'
            WHEN 'saturday' THEN true
        END)
)
SELECT
    candidate.starts_at,
    candidate.ends_at,
    candidate.site_id,
    candidate.zone,
    concat_ws(
        ',', CASE WHEN bool_or(candidate.one) THEN 'ONE' END, CASE WHEN bool_or(candidate.two) THEN 'TWO' END
    ) AS levels,
    concat_ws(
        ',',
        CASE WHEN bool_or(candidate.on_site) THEN 'ON_SITE' END,
        CASE WHEN bool_or(candidate.phone) THEN 'PHONE' END,
        CASE WHEN bool_or(candidate.video) THEN 'VIDEO' END
    ) AS modes,
    array_agg(candidate.adviser_id) AS adviser_ids,
    max(candidate.step) AS step
FROM candidate
LEFT JOIN taken USING (adviser_id)
LEFT JOIN away USING (adviser_id)
-- the session lies in its opening by construction; it may touch neither absence nor appointment, and its
-- buffer may run past closing or into an absence, never into another appointment
WHERE (away.periods IS NULL OR NOT tstzrange(candidate.starts_at, candidate.ends_at) && away.periods)
    AND (taken.periods IS NULL
        OR NOT tstzrange(candidate.starts_at, candidate.starts_at + candidate.step) && taken.periods)
GROUP BY candidate.starts_at, candidate.ends_at, candidate.site_id, candidate.zone
ORDER BY candidate.starts_at, candidate.site_id, candidate.ends_at
LIMIT %(most)s
