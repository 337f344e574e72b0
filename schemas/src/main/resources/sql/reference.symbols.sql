-- The catalogue of product roots.
-- @create
CREATE TABLE IF NOT EXISTS reference.symbols (
    symbol       VARCHAR PRIMARY KEY,
    name         VARCHAR NOT NULL,
    exchange     VARCHAR,
    category     VARCHAR,
    is_primary   BOOLEAN DEFAULT FALSE,
    created_at   TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    dataset      VARCHAR,
    status       VARCHAR,
    first_bar    DATE,
    last_bar     DATE,
    note         VARCHAR
);
