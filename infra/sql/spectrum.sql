-- The raw files in S3, asked in place: everything received, as it was received. Whole depots lie in one file, and row-level security is not to be had on
-- external tables: granted to a group of people who may see the whole fleet, and to nobody else. See README.md.
CREATE EXTERNAL SCHEMA IF NOT EXISTS opsportal_raw FROM DATA CATALOG DATABASE 'opsportal_raw' IAM_ROLE 'arn:aws:iam::ACCOUNT:role/opsportal-spectrum'
    CREATE EXTERNAL DATABASE IF NOT EXISTS;

CREATE EXTERNAL TABLE opsportal_raw.messages (
    trainid VARCHAR(128),
    sequence BIGINT,
    measuredat VARCHAR(40),
    position STRUCT<latitude:DOUBLE PRECISION, longitude:DOUBLE PRECISION>,
    readings MAP<VARCHAR(128), DOUBLE PRECISION>)
    PARTITIONED BY (depot VARCHAR(128), date VARCHAR(10), hour VARCHAR(2))
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true', 'case.insensitive' = 'true')
    STORED AS TEXTFILE
    LOCATION 's3://BUCKET/raw/'
    TABLE PROPERTIES ('compression_type' = 'gzip');

-- A partition for each depot and hour; a Glue crawler adds them by itself, or, by hand:
-- ALTER TABLE opsportal_raw.messages ADD IF NOT EXISTS PARTITION (depot='Longsight', date='2026-11-28', hour='22')
--     LOCATION 's3://BUCKET/raw/depot=Longsight/date=2026-11-28/hour=22/';

REVOKE ALL ON SCHEMA opsportal_raw FROM PUBLIC;
GRANT USAGE ON SCHEMA opsportal_raw TO GROUP opsportal_raw_readers;
