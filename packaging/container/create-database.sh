#!/bin/bash
# Run by PostgreSQL's image once, when it makes its files: the database, the role that owns it, and those who read it.
set -eu
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" \
  -v password="$(cat /run/secrets/database-password)" -v reader="$(cat /run/secrets/reader-password)" <<'SQL'
CREATE ROLE ordersync LOGIN PASSWORD :'password';
CREATE ROLE ordersync_reader;
CREATE ROLE ordersync_pii_reader;
CREATE ROLE grafana LOGIN PASSWORD :'reader' IN ROLE ordersync_reader;
CREATE DATABASE ordersync OWNER ordersync ENCODING UTF8 TEMPLATE template0;
SQL
