#!/bin/bash
# Run by PostgreSQL's image when its volume is empty: the warehouse's schema, and the portal's login.
set -euo pipefail
sql=${SQL:-/sql}
run() { psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname opsportal "$@"; }
run --set password="$(cat "${PORTAL_PASSWORD_FILE:-/secrets/warehouse/portal-password}")" <<'TEXT'
CREATE ROLE opsportal_scopes;
CREATE ROLE opsportal_portal LOGIN PASSWORD :'password' IN ROLE opsportal_scopes;
TEXT
grep -v -- '-- redshift only$' "$sql/schema.sql" | run
run -f "$sql/postgresql-scope.sql"
