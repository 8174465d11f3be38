#!/bin/sh
# Run once by the image of PostgreSQL, when it has made an empty database.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set password="$RBP_DB_PASSWORD" --set site_password="$RBP_DB_SITE_PASSWORD" <<'SQL'
create role rbp login password :'password';
create role rbp_site login password :'site_password';
create database rbp owner rbp;
SQL
