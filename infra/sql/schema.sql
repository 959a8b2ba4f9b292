-- Tables of the warehouse: see README.md.
CREATE SCHEMA IF NOT EXISTS opsportal;

CREATE TABLE IF NOT EXISTS opsportal.trains (
    train VARCHAR(128) NOT NULL,
    name VARCHAR(256),
    depot VARCHAR(128) NOT NULL,
    line VARCHAR(128) NOT NULL,
    class VARCHAR(64) NOT NULL,
    cars INTEGER,
    measured_at TIMESTAMP,
    PRIMARY KEY (train))
    DISTSTYLE ALL SORTKEY (train) -- redshift only
;

-- One row a train, sensor and minute; in the minute in which a train moved to another depot, line or class, one for each.
CREATE TABLE IF NOT EXISTS opsportal.readings_minute (
    minute TIMESTAMP NOT NULL,
    train VARCHAR(128) NOT NULL,
    depot VARCHAR(128) NOT NULL,
    line VARCHAR(128) NOT NULL,
    class VARCHAR(64) NOT NULL,
    sensor VARCHAR(128) NOT NULL,
    readings INTEGER NOT NULL,
    min_value DOUBLE PRECISION,
    mean_value DOUBLE PRECISION,
    max_value DOUBLE PRECISION,
    late BOOLEAN NOT NULL,
    PRIMARY KEY (minute, train, sensor, depot, line, class))
    DISTKEY (train) COMPOUND SORTKEY (minute, train) -- redshift only
;

CREATE TABLE IF NOT EXISTS opsportal.anomalies (
    id VARCHAR(64) NOT NULL,
    train VARCHAR(128) NOT NULL,
    depot VARCHAR(128) NOT NULL,
    line VARCHAR(128) NOT NULL,
    class VARCHAR(64) NOT NULL,
    subsystem VARCHAR(64) NOT NULL,
    measured_at TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    kept_at TIMESTAMP,
    late BOOLEAN NOT NULL,
    grade DOUBLE PRECISION NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    sensor VARCHAR(128),
    share DOUBLE PRECISION,
    direction VARCHAR(8),
    observed DOUBLE PRECISION,
    expected DOUBLE PRECISION,
    unit VARCHAR(32),
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    speed_kmh DOUBLE PRECISION,
    PRIMARY KEY (id))
    DISTKEY (train) COMPOUND SORTKEY (measured_at, train) -- redshift only
;

CREATE TABLE IF NOT EXISTS opsportal.alerts (
    id VARCHAR(64) NOT NULL,
    train VARCHAR(128) NOT NULL,
    depot VARCHAR(128) NOT NULL,
    line VARCHAR(128) NOT NULL,
    class VARCHAR(64) NOT NULL,
    subsystem VARCHAR(64) NOT NULL,
    severity VARCHAR(16) NOT NULL,
    safety_class VARCHAR(8),
    state VARCHAR(32) NOT NULL,
    raised_at TIMESTAMP NOT NULL,
    last_anomaly_at TIMESTAMP NOT NULL,
    cleared_at TIMESTAMP,
    anomalies INTEGER NOT NULL,
    explanation VARCHAR(2000),
    acknowledged_by VARCHAR(256),
    acknowledged_at TIMESTAMP,
    reported_at TIMESTAMP,
    PRIMARY KEY (id))
    DISTKEY (train) COMPOUND SORTKEY (raised_at, train) -- redshift only
;

-- What a database user may see: kind depot, line or class with a name; kind depots, lines or classes without one for all. Written by the portal.
CREATE TABLE IF NOT EXISTS opsportal.user_scopes (
    db_user VARCHAR(127) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    name VARCHAR(128) NOT NULL)
    DISTSTYLE ALL SORTKEY (db_user) -- redshift only
;

-- Views: what people ask for most, so that nobody writes it twice. They show each user what the tables do.
CREATE OR REPLACE VIEW opsportal.alerts_by_day
    WITH (security_invoker = true) -- postgresql only
    AS SELECT CAST(raised_at AS DATE) AS day, line, class, severity, COUNT(*) AS alerts, SUM(anomalies) AS anomalies,
        COUNT(acknowledged_at) AS acknowledged, COUNT(cleared_at) AS cleared
    FROM opsportal.alerts GROUP BY CAST(raised_at AS DATE), line, class, severity;

-- Whether a train was heard in a minute, and late: what many rows of readings say, in one. Reports count them.
CREATE OR REPLACE VIEW opsportal.train_minutes
    WITH (security_invoker = true) -- postgresql only
    AS SELECT minute, train, depot, line, class, SUM(readings) AS readings, MAX(CASE WHEN late THEN 1 ELSE 0 END) = 1 AS late
    FROM opsportal.readings_minute GROUP BY minute, train, depot, line, class;

-- Users of their own: the portal's, which writes scopes. Operators' users are made by AutoCreate or by an administrator and may read the tables.
-- Make them before, if they are not there: CREATE USER opsportal_scopes PASSWORD DISABLE;
GRANT USAGE ON SCHEMA opsportal TO PUBLIC;
GRANT SELECT ON opsportal.trains, opsportal.readings_minute, opsportal.anomalies, opsportal.alerts, opsportal.alerts_by_day, opsportal.train_minutes TO PUBLIC;
GRANT SELECT, INSERT, DELETE ON opsportal.user_scopes TO opsportal_scopes;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE opsportal FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(TEXT, TEXT, BOOLEAN) FROM PUBLIC; -- postgresql only
