-- The names that trading teams know, over the tables.

CREATE VIEW ml_models AS SELECT * FROM models;

CREATE VIEW tradable_pairs AS
SELECT desk, symbol, interval_ms, last_open_ms, bars AS bars_closed FROM symbols;

CREATE VIEW jobs AS
SELECT training AS job, 'model-training' AS queue, slot, desk, cause, started_ms, completed_ms,
       failures, reason,
       CASE WHEN completed_ms IS NOT NULL THEN 'done'
            WHEN abandoned_ms IS NOT NULL THEN 'abandoned' ELSE 'open' END AS state
FROM trainings;

CREATE VIEW changes AS SELECT * FROM parameters;

-- Trades that are open, and those that are over; heads as they voted at entry.
CREATE VIEW live_signals AS
SELECT trades.desk, trades.position AS signal_id, trades.symbol,
       CASE WHEN trades.direction > 0 THEN 'long' ELSE 'short' END AS direction,
       trades.entry, trades.target AS take_profit, trades.stop AS stop_loss,
       trades.opened_ms AS signal_ms, decisions.heads
FROM trades
LEFT JOIN decisions
    ON decisions.desk = trades.desk AND decisions.opportunity = trades.position
WHERE trades.closed_ms IS NULL;

CREATE VIEW signal_history AS
SELECT trades.desk, trades.position AS signal_id, trades.symbol,
       CASE WHEN trades.direction > 0 THEN 'long' ELSE 'short' END AS direction,
       trades.entry, trades.target AS take_profit, trades.stop AS stop_loss,
       trades.opened_ms AS signal_ms, trades.closed_ms,
       CASE WHEN trades.reason = 'EXPIRED' THEN 'expired'
            WHEN trades.net > 0 THEN 'win' ELSE 'loss' END AS outcome,
       trades.reason AS exit_reason, 100 * trades.net AS profit_pct, decisions.heads
FROM trades
LEFT JOIN decisions
    ON decisions.desk = trades.desk AND decisions.opportunity = trades.position
WHERE trades.closed_ms IS NOT NULL;
