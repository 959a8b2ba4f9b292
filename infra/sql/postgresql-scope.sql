-- Row-level security on PostgreSQL: each user sees what user_scopes says. See README.md.
-- opsportal_portal is the login that all operators share (Redshift:Login=Password); for all others the database user is the operator.
CREATE OR REPLACE FUNCTION opsportal.operator_name() RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_user = 'opsportal_portal' THEN current_setting('app_context.operator', true) ELSE CAST(current_user AS TEXT) END
$$;

-- With the rights of its maker: operators need not read user_scopes, and so learn of nobody else's scope.
CREATE OR REPLACE FUNCTION opsportal.sees(who TEXT, one TEXT, every TEXT, value TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER SET search_path = opsportal AS $$
    SELECT EXISTS (SELECT 1 FROM opsportal.user_scopes WHERE db_user = who AND (kind = every OR (kind = one AND name = value)))
$$;

DO $$
DECLARE t TEXT;
BEGIN
    FOREACH t IN ARRAY ARRAY['trains', 'readings_minute', 'anomalies', 'alerts'] LOOP
        EXECUTE format('ALTER TABLE opsportal.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('DROP POLICY IF EXISTS operator_scope ON opsportal.%I', t);
        EXECUTE format('CREATE POLICY operator_scope ON opsportal.%I FOR SELECT USING (
            opsportal.sees(opsportal.operator_name(), ''depot'', ''depots'', depot) AND opsportal.sees(opsportal.operator_name(), ''line'', ''lines'', line)
            AND opsportal.sees(opsportal.operator_name(), ''class'', ''classes'', class))', t);
    END LOOP;
END $$;

-- A login that operators share owns no operator's rows: within an operator's transaction only that operator's are there, and none can be written. Without one it is the
-- portal itself, keeping scopes.
ALTER TABLE opsportal.user_scopes ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_rows ON opsportal.user_scopes;
DROP POLICY IF EXISTS portal_adds ON opsportal.user_scopes;
DROP POLICY IF EXISTS portal_takes ON opsportal.user_scopes;
CREATE POLICY own_rows ON opsportal.user_scopes FOR SELECT USING (coalesce(current_setting('app_context.operator', true), '') IN ('', db_user));
CREATE POLICY portal_adds ON opsportal.user_scopes FOR INSERT WITH CHECK (coalesce(current_setting('app_context.operator', true), '') = '');
CREATE POLICY portal_takes ON opsportal.user_scopes FOR DELETE USING (coalesce(current_setting('app_context.operator', true), '') = '');

-- What ends other people's statements and sessions (a shared login's are all its own), and what runs a text that nobody has looked at. The portal cancels by the protocol and needs none of it.
DO $$
DECLARE f REGPROCEDURE;
BEGIN
    FOR f IN SELECT oid FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname IN ('pg_terminate_backend', 'pg_cancel_backend', 'ts_stat')
        OR (proname = 'ts_rewrite' AND 'text'::regtype = ANY (proargtypes)) OR proname ~ '^(query|cursor|table|schema|database)_to_') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
