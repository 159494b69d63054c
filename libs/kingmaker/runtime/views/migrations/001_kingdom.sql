-- Kingdom: desks, champions, trials, models, trades, alerts, commands. Times are UTC milliseconds.
-- One row a thing; every row is folded from accepted events. `event` is where to find the event.

-- One row a desk: where it stands, counted.
CREATE TABLE desks (
    desk TEXT NOT NULL,
    last_ms BIGINT,
    market_open BIGINT,
    frozen_by TEXT,
    frozen_reason TEXT,
    frozen_event TEXT,
    equity DOUBLE PRECISION,
    lineup TEXT,
    bars BIGINT NOT NULL DEFAULT 0,
    gaps BIGINT NOT NULL DEFAULT 0,
    bars_missing BIGINT NOT NULL DEFAULT 0,
    rows_refused BIGINT NOT NULL DEFAULT 0,
    opportunities BIGINT NOT NULL DEFAULT 0,
    missed BIGINT NOT NULL DEFAULT 0,
    resolved BIGINT NOT NULL DEFAULT 0,
    pairs BIGINT NOT NULL DEFAULT 0,
    pairs_counted BIGINT NOT NULL DEFAULT 0,
    trades BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (desk)
);

-- Who reigns in each slot.
CREATE TABLE champions (
    slot TEXT NOT NULL,
    desk TEXT,
    component TEXT,
    model TEXT,
    digest TEXT,
    reign BIGINT,
    how TEXT,
    promotion TEXT,
    since_ms BIGINT,
    activated_ms BIGINT,
    activated_event TEXT,
    lost_reason TEXT,
    frozen_by TEXT,
    frozen_reason TEXT,
    frozen_event TEXT,
    PRIMARY KEY (slot)
);

-- Every reign of every slot, with what it was crowned on and how it ended.
CREATE TABLE reigns (
    slot TEXT NOT NULL,
    reign BIGINT NOT NULL,
    desk TEXT,
    model TEXT,
    digest TEXT,
    from_model TEXT,
    how TEXT,
    promotion TEXT,
    trial TEXT,
    log_evidence DOUBLE PRECISION,
    pairs BIGINT,
    k BIGINT,
    alpha DOUBLE PRECISION,
    actor TEXT,
    reason TEXT,
    since_ms BIGINT,
    until_ms BIGINT,
    ended_by TEXT,
    event TEXT,
    activated_ms BIGINT,
    activated_event TEXT,
    lineup TEXT,
    PRIMARY KEY (slot, reign)
);

-- Coronations and rollbacks, by the id that `kingmaker audit` takes.
CREATE TABLE promotions (
    promotion TEXT NOT NULL,
    slot TEXT,
    desk TEXT,
    kind TEXT,
    from_model TEXT,
    to_model TEXT,
    reign BIGINT,
    how TEXT,
    trial TEXT,
    actor TEXT,
    reason TEXT,
    time_ms BIGINT,
    event TEXT,
    notice TEXT,
    command TEXT,
    PRIMARY KEY (promotion)
);

-- Challengers on trial: the evidence as it stands, and the last verdict.
CREATE TABLE trials (
    trial TEXT NOT NULL,
    slot TEXT,
    desk TEXT,
    champion TEXT,
    challenger TEXT,
    challenger_digest TEXT,
    origin TEXT,
    k BIGINT,
    alpha DOUBLE PRECISION,
    log_threshold DOUBLE PRECISION,
    rule TEXT,
    max_pairs BIGINT,
    state TEXT,
    reason TEXT,
    pairs BIGINT,
    log_evidence DOUBLE PRECISION,
    log_evidence_max DOUBLE PRECISION,
    log_evidence_of_segment DOUBLE PRECISION,
    segment BIGINT,
    opened_ms BIGINT,
    started_ms BIGINT,
    closed_ms BIGINT,
    verdict TEXT,
    verdict_pairs BIGINT,
    verdict_ms BIGINT,
    verdict_event TEXT,
    held_by TEXT,
    promotion TEXT,
    champion_taken BIGINT,
    champion_won BIGINT,
    champion_sum DOUBLE PRECISION,
    challenger_taken BIGINT,
    challenger_won BIGINT,
    challenger_sum DOUBLE PRECISION,
    mode TEXT,
    gamma DOUBLE PRECISION,
    crowned_before BIGINT,
    p_max DOUBLE PRECISION,
    window_start_ms BIGINT,
    window_tests BIGINT,
    window_alpha DOUBLE PRECISION,
    notice TEXT,
    bound DOUBLE PRECISION,
    segment_pairs BIGINT,
    segment_ms BIGINT,
    log_evidence_at_segment DOUBLE PRECISION,
    faults BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (trial)
);

-- Who waits for a trial, what for, and what became of it.
CREATE TABLE candidates (
    slot TEXT NOT NULL,
    model TEXT NOT NULL,
    desk TEXT,
    digest TEXT,
    origin TEXT,
    holdout DOUBLE PRECISION,
    state TEXT,
    reason TEXT,
    count BIGINT,
    target BIGINT,
    until TEXT,
    trial TEXT,
    queued_ms BIGINT,
    event TEXT,
    PRIMARY KEY (slot, model)
);

-- What each gate found at the last verdict of a trial.
CREATE TABLE gates (
    trial TEXT NOT NULL,
    gate TEXT NOT NULL,
    place BIGINT,
    value DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    n BIGINT,
    passed BIGINT,
    advisory BIGINT,
    event TEXT,
    pairs BIGINT,
    PRIMARY KEY (trial, gate)
);

-- Every value that a setting had, service by service.
CREATE TABLE parameters (
    service TEXT NOT NULL,
    desk TEXT NOT NULL,
    key TEXT NOT NULL,
    seq BIGINT NOT NULL,
    value TEXT,
    cause TEXT,
    actor TEXT,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (service, desk, key, seq)
);

-- The watch of each reign, as it stands.
CREATE TABLE canaries (
    slot TEXT NOT NULL,
    reign BIGINT NOT NULL,
    desk TEXT,
    canary TEXT,
    rule TEXT,
    trial TEXT,
    state TEXT,
    pairs BIGINT,
    statistic DOUBLE PRECISION,
    statistic_max DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    slack DOUBLE PRECISION,
    breached TEXT,
    ended TEXT,
    time_ms BIGINT,
    champion_taken BIGINT,
    champion_won BIGINT,
    champion_sum DOUBLE PRECISION,
    champion_squares DOUBLE PRECISION,
    champion_drawdown DOUBLE PRECISION,
    reference_taken BIGINT,
    reference_won BIGINT,
    reference_sum DOUBLE PRECISION,
    reference_squares DOUBLE PRECISION,
    reference_drawdown DOUBLE PRECISION,
    PRIMARY KEY (slot, reign)
);

-- Model versions: bytes by digest, origin, lineage.
CREATE TABLE models (
    slot TEXT NOT NULL,
    model TEXT NOT NULL,
    desk TEXT,
    component TEXT,
    digest TEXT,
    size_bytes BIGINT,
    origin TEXT,
    source TEXT,
    parent TEXT,
    metrics JSONB,
    data_from_ms BIGINT,
    data_until_ms BIGINT,
    trades BIGINT,
    seed BIGINT,
    dataset_digest TEXT,
    registered_ms BIGINT,
    event TEXT,
    PRIMARY KEY (slot, model)
);

-- Bundles that were refused.
CREATE TABLE refusals (
    slot TEXT NOT NULL,
    digest TEXT NOT NULL,
    origin TEXT,
    source TEXT,
    reason TEXT,
    detail TEXT,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (slot, digest)
);

-- What each training saw, and whether its product is worth a trial.
CREATE TABLE trainings (
    training TEXT NOT NULL,
    slot TEXT,
    desk TEXT,
    cause TEXT,
    trades BIGINT,
    new_trades BIGINT,
    until_ms BIGINT,
    started_ms BIGINT,
    completed_ms BIGINT,
    digest TEXT,
    candidate BIGINT,
    reason TEXT,
    metrics JSONB,
    event TEXT,
    abandoned_ms BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (training)
);

-- Alerts, and whether anyone was told.
CREATE TABLE alerts (
    alert TEXT NOT NULL,
    type TEXT,
    severity TEXT,
    slot TEXT,
    version TEXT,
    message TEXT,
    value DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    n BIGINT,
    cause TEXT,
    undo TEXT,
    occurred_ms BIGINT,
    state TEXT,
    event TEXT,
    PRIMARY KEY (alert)
);

-- What people asked for, and what came of it.
CREATE TABLE commands (
    entry TEXT NOT NULL,
    command_id TEXT,
    command TEXT,
    actor TEXT,
    key_id TEXT,
    first_key_id TEXT,
    desk TEXT,
    target TEXT,
    outcome TEXT,
    reason TEXT,
    time_ms BIGINT,
    expires_ms BIGINT,
    event TEXT,
    PRIMARY KEY (entry)
);

-- In which mode a desk trades, and the records at which trader and promotion follow.
CREATE TABLE modes (
    desk TEXT NOT NULL,
    mode TEXT,
    flatten BIGINT,
    number BIGINT,
    kill BIGINT,
    actor TEXT,
    owner TEXT,
    key_id TEXT,
    reason TEXT,
    since_ms BIGINT,
    event TEXT,
    trader_event TEXT,
    trader_number BIGINT,
    open_positions BIGINT,
    promotion_event TEXT,
    promotion_number BIGINT,
    PRIMARY KEY (desk)
);

-- Who may command on a desk.
CREATE TABLE keys (
    desk TEXT NOT NULL,
    key_id TEXT NOT NULL,
    owner TEXT,
    role TEXT,
    public_key TEXT,
    not_before_ms BIGINT,
    not_after_ms BIGINT,
    trusted_by TEXT,
    trusted_ms BIGINT,
    revoked_from_ms BIGINT,
    revoked_by TEXT,
    revoked_reason TEXT,
    revoked_event TEXT,
    event TEXT,
    PRIMARY KEY (desk, key_id)
);

-- Up to where each lane is folded: the last record, by number and hash, and where its store had it.
CREATE TABLE folded (
    topic TEXT NOT NULL,
    lane BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    place BIGINT,
    PRIMARY KEY (topic, lane)
);

-- The log that these rows are of, and the folds that made them.
CREATE TABLE folded_log (
    incarnation TEXT NOT NULL,
    folds BIGINT NOT NULL,
    PRIMARY KEY (incarnation)
);
