-- How far the features of a symbol lie from what was learned from, by the last window measured.
CREATE TABLE drift (
    desk TEXT NOT NULL,
    symbol TEXT NOT NULL,
    windows BIGINT,
    until_ms BIGINT,
    worst DOUBLE PRECISION,
    drifted TEXT,
    reference BIGINT,
    reference_training TEXT,
    reference_until_ms BIGINT,
    reference_windows BIGINT,
    last_feature TEXT,
    last_score DOUBLE PRECISION,
    last_ms BIGINT,
    last_event TEXT,
    detected BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (desk, symbol)
);
