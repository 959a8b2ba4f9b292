-- How processed rows come in: Firehose writes gzip NDJSON under processed/<table>/, and this is run for each load (a manifest names the files of one load).
-- Loading twice does no harm: a row that is there already is replaced. See README.md. The bucket, role and manifest are put in by whoever runs it.
BEGIN;

CREATE TEMP TABLE readings_minute_load (LIKE opsportal.readings_minute);
COPY readings_minute_load (minute, train, depot, line, class, sensor, readings, min_value, mean_value, max_value, late)
    FROM 's3://BUCKET/processed/readings_minute/MANIFEST' IAM_ROLE 'arn:aws:iam::ACCOUNT:role/opsportal-copy'
    MANIFEST FORMAT AS JSON 'auto' GZIP TIMEFORMAT 'auto' TRUNCATECOLUMNS MAXERROR 0;
DELETE FROM opsportal.readings_minute USING readings_minute_load l
    WHERE readings_minute.minute = l.minute AND readings_minute.train = l.train AND readings_minute.sensor = l.sensor
        AND readings_minute.depot = l.depot AND readings_minute.line = l.line AND readings_minute.class = l.class;
INSERT INTO opsportal.readings_minute SELECT * FROM readings_minute_load;

CREATE TEMP TABLE anomalies_load (LIKE opsportal.anomalies);
COPY anomalies_load FROM 's3://BUCKET/processed/anomalies/MANIFEST' IAM_ROLE 'arn:aws:iam::ACCOUNT:role/opsportal-copy'
    MANIFEST FORMAT AS JSON 'auto' GZIP TIMEFORMAT 'auto' TRUNCATECOLUMNS MAXERROR 0;
DELETE FROM opsportal.anomalies USING anomalies_load l WHERE anomalies.id = l.id;
INSERT INTO opsportal.anomalies SELECT * FROM anomalies_load;

CREATE TEMP TABLE alerts_load (LIKE opsportal.alerts);
COPY alerts_load FROM 's3://BUCKET/processed/alerts/MANIFEST' IAM_ROLE 'arn:aws:iam::ACCOUNT:role/opsportal-copy'
    MANIFEST FORMAT AS JSON 'auto' GZIP TIMEFORMAT 'auto' TRUNCATECOLUMNS MAXERROR 0;
DELETE FROM opsportal.alerts USING alerts_load l WHERE alerts.id = l.id;
INSERT INTO opsportal.alerts SELECT * FROM alerts_load;

COMMIT;
