-- Trainings as jobs: from the first attempt to what came of the last.
CREATE TABLE training_jobs (
    job TEXT NOT NULL,
    kind TEXT,
    slot TEXT,
    desk TEXT,
    state TEXT,
    cause TEXT,
    numbers JSONB,
    actor TEXT,
    attempt BIGINT,
    started_ms BIGINT,
    due_ms BIGINT,
    retry_at_ms BIGINT,
    ended_ms BIGINT,
    reason TEXT,
    event TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (job)
);

-- Checks of bundles as jobs.
CREATE TABLE check_jobs (
    job TEXT NOT NULL,
    kind TEXT,
    slot TEXT,
    desk TEXT,
    state TEXT,
    cause TEXT,
    numbers JSONB,
    actor TEXT,
    attempt BIGINT,
    started_ms BIGINT,
    due_ms BIGINT,
    retry_at_ms BIGINT,
    ended_ms BIGINT,
    reason TEXT,
    event TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (job)
);

DROP VIEW jobs;

CREATE VIEW jobs AS
SELECT job, 'model-training' AS queue, kind, slot, desk, state, cause, numbers, actor, attempt,
       started_ms, due_ms, retry_at_ms, ended_ms,
       CASE WHEN state = 'done' THEN ended_ms END AS completed_ms, failures, reason, event
FROM training_jobs
UNION ALL
SELECT job, 'model-evaluation' AS queue, kind, slot, desk, state, cause, numbers, actor, attempt,
       started_ms, due_ms, retry_at_ms, ended_ms,
       CASE WHEN state = 'done' THEN ended_ms END AS completed_ms, failures, reason, event
FROM check_jobs;
