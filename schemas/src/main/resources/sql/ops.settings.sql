-- Settings of this database by name: schema_version, api_origin.<source>, ...
-- @create
CREATE TABLE IF NOT EXISTS ops.settings (
    name    VARCHAR PRIMARY KEY,
    value   VARCHAR NOT NULL,
    set_at  TIMESTAMP NOT NULL
);
