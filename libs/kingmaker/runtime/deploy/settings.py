"""The settings that are mounted into every pod, as YAML that a person can go on writing."""

from kingmaker.runtime.deploy.pods import ARTIFACTS, HOME, SECRETS

_DEMO = f"""\
# Recorded bars of the wheel, played through live services: nothing is traded, no order is sent.
home: {HOME}
artifacts: {ARTIFACTS}
clock: bars
desks:
  - name: perps-5m
    interval: 5m
    files:
      - sample:BTCUSDT_5m_2025_03.csv.gz
      - sample:ETHUSDT_5m_2025_03.csv.gz
      - sample:SOLUSDT_5m_2025_03.csv.gz
      - sample:XRPUSDT_5m_2025_03.csv.gz
learning: {{min_trades: 100, min_new_trades: 50, admission_gain_se: 0, admission_min_acts: 1}}
kafka: {{servers: "kafka:9092", replication: 1, min_in_sync: 1}}
views: {{url: "postgresql://kingmaker@postgres:5432/postgres"}}
"""
_PRODUCTION = f"""\
# An example: put your own desks here, in an order that never changes: it is that of their lanes.
# There is no live source of bars yet: a desk without `files` waits for its first bar.
home: {HOME}
artifacts: {ARTIFACTS}
clock: wall
desks:
%s
kafka:
  servers: kafka-0.kafka.kafka.svc:9092,kafka-1.kafka.kafka.svc:9092,kafka-2.kafka.kafka.svc:9092
  tls: true
  ca_file: {SECRETS}/ca.crt
  replication: 3
  min_in_sync: 2
views: {{url: "postgresql://kingmaker@postgres.postgres.svc:5432/kingmaker"}}
"""


def demo_settings() -> str:
    """Return the settings of the demo: one desk, one broker."""
    return _DEMO


def production_settings(desks: int) -> str:
    """Return settings to begin with, a desk for each pod."""
    lines = [f"  - {{name: desk-{at}, interval: 1h, symbols: [BTCUSDT]}}" for at in range(desks)]
    return _PRODUCTION % "\n".join(lines)
