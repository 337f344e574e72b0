-- What the tides are enriched with, and what they say of their stations.
-- @create
CREATE TABLE IF NOT EXISTS raw.test_moons (
    day   DATE NOT NULL,
    moon  VARCHAR
);
