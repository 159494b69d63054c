-- What an ensemble blends by: its weights since the last hour, by who remembers them.
CREATE TABLE rebalances (
    slot TEXT NOT NULL,
    learner TEXT NOT NULL,
    digest TEXT,
    branch TEXT,
    revision BIGINT,
    hour_ms BIGINT,
    cloud_1 DOUBLE PRECISION,
    cloud_2 DOUBLE PRECISION,
    pattern DOUBLE PRECISION,
    online DOUBLE PRECISION,
    s15 DOUBLE PRECISION,
    event TEXT,
    rebalances BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, learner)
);
