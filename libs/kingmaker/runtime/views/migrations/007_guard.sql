-- Where the performance guard of a desk stands: one row, once its guard has counted a trade.
CREATE TABLE guards (
    desk TEXT NOT NULL,
    level TEXT,
    number BIGINT,
    cause TEXT,
    since_ms BIGINT,
    event TEXT,
    trades BIGINT,
    win_rate DOUBLE PRECISION,
    drawdown DOUBLE PRECISION,
    losses BIGINT,
    trades_since BIGINT,
    time_ms BIGINT,
    trader_event TEXT,
    trader_number BIGINT,
    PRIMARY KEY (desk)
);
