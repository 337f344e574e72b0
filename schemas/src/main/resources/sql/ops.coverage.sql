-- What is loaded, by series and half-open UTC interval: the only truth. Written in the transaction that wrote the rows.
-- @create
CREATE TABLE IF NOT EXISTS ops.coverage (
    target_table    VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    dataset         VARCHAR NOT NULL,
    schema_name     VARCHAR NOT NULL,
    stype_in        VARCHAR NOT NULL,
    symbol          VARCHAR NOT NULL,
    table_symbol    VARCHAR,
    publishers      VARCHAR NOT NULL,
    range_start     TIMESTAMP NOT NULL,
    range_end       TIMESTAMP NOT NULL,
    state           VARCHAR NOT NULL,
    row_count       BIGINT NOT NULL,
    verified        BOOLEAN NOT NULL,
    recheck_after   TIMESTAMP,
    source_modified DATE,
    chunk_id        VARCHAR,
    run_id          VARCHAR,
    loaded_at       TIMESTAMP NOT NULL,
    PRIMARY KEY (target_table, source, dataset, schema_name, stype_in, symbol, range_start)
);
