-- Row-level security on Redshift: each user sees what user_scopes says. See README.md. Run by a user with the role sys:secadmin.
-- opsportal_portal is the login that all operators share (Redshift:Login=Serverless or Password); for all others the database user is the operator.
CREATE RLS POLICY opsportal_scope
    WITH (depot VARCHAR(128), line VARCHAR(128), class VARCHAR(64))
    USING (
        EXISTS (SELECT 1 FROM opsportal.user_scopes d WHERE (d.kind = 'depots' OR (d.kind = 'depot' AND d.name = depot))
            AND d.db_user = CASE WHEN current_user = 'opsportal_portal' THEN current_setting('app_context.operator', TRUE) ELSE current_user END)
        AND EXISTS (SELECT 1 FROM opsportal.user_scopes l WHERE (l.kind = 'lines' OR (l.kind = 'line' AND l.name = line))
            AND l.db_user = CASE WHEN current_user = 'opsportal_portal' THEN current_setting('app_context.operator', TRUE) ELSE current_user END)
        AND EXISTS (SELECT 1 FROM opsportal.user_scopes c WHERE (c.kind = 'classes' OR (c.kind = 'class' AND c.name = class))
            AND c.db_user = CASE WHEN current_user = 'opsportal_portal' THEN current_setting('app_context.operator', TRUE) ELSE current_user END));

-- The policy reads user_scopes; operators do not.
GRANT SELECT ON opsportal.user_scopes TO RLS POLICY opsportal_scope;

ATTACH RLS POLICY opsportal_scope ON opsportal.trains TO PUBLIC;
ATTACH RLS POLICY opsportal_scope ON opsportal.readings_minute TO PUBLIC;
ATTACH RLS POLICY opsportal_scope ON opsportal.anomalies TO PUBLIC;
ATTACH RLS POLICY opsportal_scope ON opsportal.alerts TO PUBLIC;

ALTER TABLE opsportal.trains ROW LEVEL SECURITY ON;
ALTER TABLE opsportal.readings_minute ROW LEVEL SECURITY ON;
ALTER TABLE opsportal.anomalies ROW LEVEL SECURITY ON;
ALTER TABLE opsportal.alerts ROW LEVEL SECURITY ON;

-- A login that operators share: within an operator's transaction only that operator's rows of user_scopes are there.
CREATE RLS POLICY opsportal_own_rows
    WITH (db_user VARCHAR(127))
    USING (COALESCE(current_setting('app_context.operator', TRUE), '') IN ('', db_user));
ATTACH RLS POLICY opsportal_own_rows ON opsportal.user_scopes TO opsportal_portal;
ALTER TABLE opsportal.user_scopes ROW LEVEL SECURITY ON;
