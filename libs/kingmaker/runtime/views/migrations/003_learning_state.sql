-- What was learned: versions of it, the one that is active, and what happened.
--
-- state_type is head_weights {"HEAD_A": 0.1111, ...}, confidence_threshold {"global_threshold":
-- 0.7}, learning_config, or indicator_weights. `desk` is empty for what all desks share.

CREATE TABLE learning_state (
    desk TEXT NOT NULL,
    state_type TEXT NOT NULL,
    version BIGINT NOT NULL,
    id TEXT,
    state_data JSONB,
    performance_metrics JSONB,
    created_at TIMESTAMPTZ,
    PRIMARY KEY (desk, state_type, version)
);

CREATE INDEX learning_state_by_version ON learning_state (state_type, version);

CREATE TABLE active_learning_state (
    desk TEXT NOT NULL,
    state_type TEXT NOT NULL,
    current_version BIGINT,
    state_data JSONB,
    updated_at TIMESTAMPTZ,
    PRIMARY KEY (desk, state_type)
);

-- event_type is weight_update, outcome_processed, job or restore.
CREATE TABLE learning_events (
    id TEXT NOT NULL,
    desk TEXT,
    event_type TEXT,
    signal_id TEXT,
    old_value JSONB,
    new_value JSONB,
    triggered_by TEXT,
    event_timestamp TIMESTAMPTZ,
    PRIMARY KEY (id)
);

CREATE INDEX learning_events_by_time ON learning_events (event_timestamp);

-- postgresql only:

-- No view: what was said in SQL, for whoever forwards it as a command. A rebuild leaves it alone.
CREATE TABLE km_command_outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command TEXT NOT NULL,
    arguments JSONB NOT NULL,
    actor TEXT NOT NULL DEFAULT session_user,
    filed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- The weights that the heads of a desk have now; no row where none were ever learned.
CREATE FUNCTION get_current_head_weights(of_desk TEXT DEFAULT NULL) RETURNS JSONB
LANGUAGE sql STABLE AS $$
    SELECT state_data FROM active_learning_state
    WHERE state_type = 'head_weights' AND (of_desk IS NULL OR desk = of_desk)
    ORDER BY updated_at DESC LIMIT 1
$$;

-- Files a command and returns its id: these tables are views, so the new version appears once the
-- learners' log has it. Refused unless somebody forwards commands from here, which the setting
-- kingmaker.sql_commands of the database says; and refused where the weights break their bounds.
CREATE FUNCTION update_head_weights(new_weights JSONB, metrics JSONB DEFAULT '{}') RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
    heads CONSTANT TEXT[] := ARRAY['HEAD_A', 'HEAD_B', 'HEAD_C', 'HEAD_D', 'HEAD_E', 'HEAD_F',
                                   'HEAD_G', 'HEAD_H', 'HEAD_I'];
    total DOUBLE PRECISION := 0;
    head TEXT;
    filed BIGINT;
BEGIN
    IF coalesce(current_setting('kingmaker.sql_commands', true), 'off') <> 'on' THEN
        RAISE EXCEPTION 'learning.sql_commands is off: nobody forwards what is said in SQL'
            USING HINT = 'Once something forwards km_command_outbox: ALTER DATABASE ... SET kingmaker.sql_commands = on';
    END IF;
    IF (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(new_weights) key)
            IS DISTINCT FROM heads THEN
        RAISE EXCEPTION 'new_weights must hold HEAD_A to HEAD_I, each once, and nothing else';
    END IF;
    FOREACH head IN ARRAY heads LOOP
        IF jsonb_typeof(new_weights -> head) <> 'number'
                OR (new_weights ->> head)::DOUBLE PRECISION NOT BETWEEN 0.05 AND 0.30 THEN
            RAISE EXCEPTION '% is %: a weight lies between 0.05 and 0.30',
                head, new_weights -> head;
        END IF;
        total := total + (new_weights ->> head)::DOUBLE PRECISION;
    END LOOP;
    IF abs(total - 1) > 1e-9 THEN
        RAISE EXCEPTION 'the nine weights sum to %, not to 1', total;
    END IF;
    INSERT INTO km_command_outbox (command, arguments)
    VALUES ('update_head_weights', jsonb_build_object('weights', new_weights, 'metrics', metrics))
    RETURNING id INTO filed;
    RETURN filed;
END
$$;
