-- Trading and what was measured, one row each: opportunities, trades, pairs, evidence.

-- Bars by desk and symbol, counted.
CREATE TABLE symbols (
    desk TEXT NOT NULL,
    symbol TEXT NOT NULL,
    interval_ms BIGINT,
    last_open_ms BIGINT,
    bars BIGINT NOT NULL DEFAULT 0,
    gaps BIGINT NOT NULL DEFAULT 0,
    bars_missing BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (desk, symbol)
);

-- Bars that are missing, kept and never filled.
CREATE TABLE gaps (
    desk TEXT NOT NULL,
    symbol TEXT NOT NULL,
    after_open_ms BIGINT NOT NULL,
    before_open_ms BIGINT,
    bars_missing BIGINT,
    event TEXT,
    PRIMARY KEY (desk, symbol, after_open_ms)
);

-- The account: one row a position; closed_ms is empty while it is open.
CREATE TABLE trades (
    desk TEXT NOT NULL,
    position TEXT NOT NULL,
    symbol TEXT,
    direction BIGINT,
    size BIGINT,
    strategy TEXT,
    entry DOUBLE PRECISION,
    stop DOUBLE PRECISION,
    target DOUBLE PRECISION,
    opened_ms BIGINT,
    closed_ms BIGINT,
    exit DOUBLE PRECISION,
    reason TEXT,
    net DOUBLE PRECISION,
    lineup TEXT,
    event TEXT,
    PRIMARY KEY (desk, position)
);

-- What each set of nine champions did with the signals of its time.
CREATE TABLE lineups (
    desk TEXT NOT NULL,
    lineup TEXT NOT NULL,
    since_ms BIGINT,
    slot TEXT,
    model TEXT,
    resolved BIGINT NOT NULL DEFAULT 0,
    taken BIGINT NOT NULL DEFAULT 0,
    won BIGINT NOT NULL DEFAULT 0,
    net DOUBLE PRECISION NOT NULL DEFAULT 0,
    signal_net DOUBLE PRECISION NOT NULL DEFAULT 0,
    left_alone_net DOUBLE PRECISION NOT NULL DEFAULT 0,
    PRIMARY KEY (desk, lineup)
);

-- Opportunities: what the champion decided, and what came of it. `heads` holds the confidence of
-- each head that voted, negative where it disagreed; `net` is of the champion, `signal_net` of its pick at
-- full size, taken or not. `state` is decided, then resolved or missed.
CREATE TABLE decisions (
    desk TEXT NOT NULL,
    opportunity TEXT NOT NULL,
    symbol TEXT,
    time_ms BIGINT,
    bucket BIGINT,
    lineup TEXT,
    feature_hash TEXT,
    price DOUBLE PRECISION,
    taken BIGINT,
    strategy TEXT,
    direction BIGINT,
    size BIGINT,
    p_win DOUBLE PRECISION,
    consensus DOUBLE PRECISION,
    refusal TEXT,
    fault TEXT,
    heads JSONB,
    state TEXT,
    resolved_ms BIGINT,
    net DOUBLE PRECISION,
    signal_net DOUBLE PRECISION,
    risk DOUBLE PRECISION,
    exit_reason TEXT,
    event TEXT,
    resolved_event TEXT,
    PRIMARY KEY (desk, opportunity)
);

CREATE INDEX decisions_by_time ON decisions (desk, time_ms);

-- Branches (challengers, the dethroned) that decided otherwise than the champion.
CREATE TABLE branches (
    desk TEXT NOT NULL,
    opportunity TEXT NOT NULL,
    branch TEXT NOT NULL,
    taken BIGINT,
    strategy TEXT,
    direction BIGINT,
    size BIGINT,
    refusal TEXT,
    fault TEXT,
    net DOUBLE PRECISION,
    exit_reason TEXT,
    PRIMARY KEY (desk, opportunity, branch)
);

-- Pairs: one decision bucket of one trial or watch, both sides.
CREATE TABLE pairs (
    desk TEXT NOT NULL,
    trial TEXT NOT NULL,
    number BIGINT NOT NULL,
    slot TEXT,
    bucket BIGINT,
    lineup TEXT,
    champion_net DOUBLE PRECISION,
    champion_taken BIGINT,
    champion_won BIGINT,
    challenger_net DOUBLE PRECISION,
    challenger_taken BIGINT,
    challenger_won BIGINT,
    counted BIGINT,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (desk, trial, number)
);

-- The evidence of a trial after each pair that counted; natural logarithms.
CREATE TABLE evidence (
    trial TEXT NOT NULL,
    pairs BIGINT NOT NULL,
    slot TEXT,
    log_evidence DOUBLE PRECISION,
    log_evidence_max DOUBLE PRECISION,
    log_evidence_of_segment DOUBLE PRECISION,
    segment BIGINT,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (trial, pairs)
);

-- The watch of a reign after each pair that counted.
CREATE TABLE canary_evidence (
    slot TEXT NOT NULL,
    reign BIGINT NOT NULL,
    pairs BIGINT NOT NULL,
    statistic DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (slot, reign, pairs)
);
