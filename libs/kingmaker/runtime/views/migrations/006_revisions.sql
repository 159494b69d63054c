-- What a model learned trade by trade since its export, by who remembers it.
CREATE TABLE learners (
    slot TEXT NOT NULL,
    learner TEXT NOT NULL,
    digest TEXT,
    branch TEXT,
    revision BIGINT,
    revised TEXT,
    strategy TEXT,
    label DOUBLE PRECISION,
    opportunity TEXT,
    time_ms BIGINT,
    event TEXT,
    refused_reason TEXT,
    lessons BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, learner)
);

-- The champion as it was exported, beside the one that learns: on no trial.
CREATE TABLE twins (
    twin TEXT NOT NULL,
    slot TEXT NOT NULL,
    model TEXT,
    state TEXT,
    started_ms BIGINT,
    ended_ms BIGINT,
    pairs BIGINT,
    log_evidence DOUBLE PRECISION,
    log_evidence_max DOUBLE PRECISION,
    champion_sum DOUBLE PRECISION,
    twin_sum DOUBLE PRECISION,
    time_ms BIGINT,
    event TEXT,
    PRIMARY KEY (twin, slot)
);
