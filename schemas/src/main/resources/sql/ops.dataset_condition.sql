-- The service's word on each day of a dataset: available, degraded, pending or missing.
-- @create
CREATE TABLE IF NOT EXISTS ops.dataset_condition (
    dataset             VARCHAR NOT NULL,
    date                DATE NOT NULL,
    condition           VARCHAR NOT NULL,
    last_modified_date  DATE,
    seen_at             TIMESTAMP,
    PRIMARY KEY (dataset, date)
);
