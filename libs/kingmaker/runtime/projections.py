"""Promotion records and champion pointers as files, folded from promotion's lanes.

    model_registry/promotions/<time>_<slot>_<id>.json   who, when, why, and how to undo it
    model_registry/champions/<slot>.json                who reigns now

The log is the truth: whoever deletes these files loses nothing, the next start writes them again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.arithmetic import ln
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import write_file
from kingmaker.runtime.log import Log

PACKAGE = "kingmaker.promotion.v1"
TOPIC = event_topic("promotion")
UNSAFE = re.compile(r"[^A-Za-z0-9@._-]")

type Files = dict[str, Mapping[str, Any]]  # content by path below the folder


@dataclass(slots=True)
class Throne:
    """What the records of one desk need to remember: the last evidence of each trial."""

    evidence: dict[str, Message] = field(default_factory=dict)

    def apply(self, kind: str, value: bytes) -> Files:
        """Return the files that one event of promotion's lane writes."""
        event = _read(kind, value)
        match kind.rpartition(".")[2]:
            case "ChallengerHeld" | "ChallengerReady" if event.HasField("evidence"):
                self.evidence[event.trial] = event.evidence
            case "TrialClosed":
                self.evidence.pop(event.trial, None)
            case "ChampionCrowned":
                return _files(event, _crowned(event, self.evidence.get(event.trial)), event.model)
            case "ChampionRolledBack":
                return _files(event, _rolled_back(event), event.to_model)
            case _:
                pass
        return {}


class PromotionFiles:
    """Keeps the folder as the log says; give `show` every accepted step."""

    def __init__(self, folder: Path) -> None:
        """Name the folder: `model_registry` of a home."""
        self._folder = folder
        self._thrones: dict[Lane, Throne] = {}

    def rebuild(self, log: Log, desks: Sequence[Desk]) -> None:
        """Fold what was decided so far; write what is missing or differs."""
        for desk in desks:
            lane = Lane(TOPIC, desk.index)
            self._thrones[lane] = Throne()
            files: Files = {}
            for record in decided(log, lane):
                files |= self._thrones[lane].apply(record.kind, record.value)
            self._write(files)

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Write what an accepted step says; other lanes say nothing here."""
        if lane.topic != TOPIC:
            return
        throne = self._thrones.setdefault(lane, Throne())
        for record in step.records:
            self._write(throne.apply(record.kind, record.value))

    def _write(self, files: Files) -> None:
        for name, content in files.items():
            path = self._folder / name
            text = json.dumps(content, indent=2).encode() + b"\n"
            if not path.is_file() or path.read_bytes() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, text)


def _files(event: Any, record: Mapping[str, Any], model: str) -> Files:  # noqa: ANN401 - a message
    time = datetime.fromtimestamp(event.time_ms / 1000, UTC)
    slot, identity = (UNSAFE.sub("_", text) for text in (event.slot, event.promotion))
    name = f"promotions/{time:%Y%m%dT%H%M%SZ}_{slot}_{identity}.json"
    pointer = {
        "slot": event.slot,
        "model": model,
        "digest": record["to"]["digest"],
        "reign": event.reign,
        "since": record["when"],
        "how": record["how"],
        "record": name,
    }
    return {name: record, f"champions/{slot}.json": pointer}


def _crowned(event: Any, evidence: Message | None) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    by_evidence = event.how == "promoted"
    return {
        **_head(event, event.how),
        "from": {"model": event.expected, "digest": event.expected_digest},
        "to": {"model": event.model, "digest": event.digest},
        "who": event.actor or "promotion, by its gates" if by_evidence else event.actor or "init",
        "why": event.reason or f"every gate passed in trial {event.trial}",
        "notice": event.notice,
        "policy": event.policy_hash,
        "gates": [_gate(finding) for finding in event.findings],
        "evidence": _evidence(event) if by_evidence else None,
        "reading": reading(evidence) if evidence is not None else None,
        "undo": _undo(event) if event.expected else "",
        "audit": f"kingmaker audit {event.promotion}",
    }


def _rolled_back(event: Any) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    return {
        **_head(event, "rollback"),
        "from": {"model": event.from_model, "digest": event.from_digest},
        "to": {"model": event.to_model, "digest": event.to_digest},
        "who": event.actor or f"promotion, because of {event.trigger}",
        "why": event.reason,
        "trigger": event.trigger,
        "command": event.command_id,
        "undo": _undo(event),
        "audit": f"kingmaker audit {event.promotion}",
    }


def reading(evidence: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - a message
    """Tell skill from abstention: what the trades taken and those left alone returned.

    A challenger that only trades less beats a champion that loses; a filter that picks the same
    share at random shows by how much. None where the challenger did not trade less.
    """
    champion, challenger = evidence.champion, evidence.challenger
    left = champion.taken - challenger.taken
    if challenger.taken == 0 or left <= 0:
        return None
    share = challenger.taken / champion.taken
    return {
        "pairs": evidence.pairs,
        "share_taken": share,
        "net_a_trade_champion": champion.sum / champion.taken,
        "net_a_trade_taken": challenger.sum / challenger.taken,
        "net_a_trade_left_alone": (champion.sum - challenger.sum) / left,
        "net_challenger": challenger.sum,
        "net_of_a_random_filter_of_this_share": champion.sum * share,
    }


def _head(event: Any, how: str) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    time = datetime.fromtimestamp(event.time_ms / 1000, UTC)
    return {
        "id": event.promotion,
        "how": how,
        "when": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "slot": event.slot,
        "reign": event.reign,
    }


def _evidence(event: Any) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    return {
        "trial": event.trial,
        "pairs": event.pairs,
        "log_evidence": event.log_evidence,
        "log_threshold": ln(1.0 / event.alpha) if event.alpha > 0.0 else None,
        "k": event.k,
        "alpha": event.alpha,
        "lineup": event.lineup,
        "segment": event.segment,
        "log_evidence_of_segment": event.log_evidence_of_segment,
        "pairs_hash": event.pairs_hash,
    }


def _gate(finding: Any) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    return {
        "gate": finding.gate,
        "value": finding.value,
        "threshold": finding.threshold,
        "n": finding.n,
        "passed": finding.passed,
        "advisory": finding.advisory,
    }


def _undo(event: Any) -> str:  # noqa: ANN401 - see above
    return f'kingmaker rollback {event.slot} --reason "..."'


def _read(kind: str, value: bytes) -> Any:  # noqa: ANN401 - a message
    """Return a message of promotion; None for what its lane says of other things."""
    package, _, name = kind.rpartition(".")
    return message_class(PACKAGE, name).FromString(value) if package == PACKAGE else None
