#!/bin/sh
# First start of the volume: the portal's own role owns its database and is no superuser.
# The extensions that migrations create (btree_gist, pg_trgm, unaccent) are trusted: an owner may add them.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$PORTAL_DATABASE_PASSWORD" --username postgres <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
REVOKE CONNECT ON DATABASE portal FROM PUBLIC;
SQL
