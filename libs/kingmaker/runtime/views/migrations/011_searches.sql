-- A training that searched for its parameters: what was asked for, and what was found.
CREATE TABLE searches (
    training TEXT NOT NULL,
    slot TEXT,
    desk TEXT,
    trials BIGINT,
    found JSONB,
    event TEXT,
    PRIMARY KEY (training)
);

-- The tags of a model version, and the parameters that a search found for it; none without one.
CREATE TABLE model_tags (
    slot TEXT NOT NULL,
    model TEXT NOT NULL,
    tags JSONB,
    found JSONB,
    event TEXT,
    PRIMARY KEY (slot, model)
);
