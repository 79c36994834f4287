-- A person's name as it is searched, without accents. An index wants a function that never changes its mind:
-- the dictionary is named, whatever the search path.
CREATE OR REPLACE FUNCTION beneficiaries_searched_name(first_name text, last_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        lower(public.unaccent('public.unaccent', first_name || ' ' || last_name)), '[^[:alnum:]]+', ' ', 'g'
    )
$$;
