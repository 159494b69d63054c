from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class OfferBootstrap(_message.Message):
    __slots__ = ("slot", "digest", "size_bytes", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    digest: str
    size_bytes: int
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class OfferModel(_message.Message):
    __slots__ = ("command_id", "slot", "digest", "size_bytes", "origin", "actor", "reason", "time_ms", "again")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    slot: str
    digest: str
    size_bytes: int
    origin: str
    actor: str
    reason: str
    time_ms: int
    again: bool
    def __init__(self, command_id: _Optional[str] = ..., slot: _Optional[str] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., origin: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ..., again: _Optional[bool] = ...) -> None: ...

class VerificationRequested(_message.Message):
    __slots__ = ("slot", "digest", "origin", "source", "due_ms", "attempt", "version", "size_bytes", "parent", "metrics", "data_from_ms", "data_until_ms", "trades", "seed", "dataset_digest", "tags", "found")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class FoundEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DATA_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    DATA_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    DATASET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    slot: str
    digest: str
    origin: str
    source: str
    due_ms: int
    attempt: int
    version: str
    size_bytes: int
    parent: str
    metrics: _containers.ScalarMap[str, float]
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    dataset_digest: str
    tags: _containers.ScalarMap[str, str]
    found: _containers.ScalarMap[str, float]
    def __init__(self, slot: _Optional[str] = ..., digest: _Optional[str] = ..., origin: _Optional[str] = ..., source: _Optional[str] = ..., due_ms: _Optional[int] = ..., attempt: _Optional[int] = ..., version: _Optional[str] = ..., size_bytes: _Optional[int] = ..., parent: _Optional[str] = ..., metrics: _Optional[_Mapping[str, float]] = ..., data_from_ms: _Optional[int] = ..., data_until_ms: _Optional[int] = ..., trades: _Optional[int] = ..., seed: _Optional[int] = ..., dataset_digest: _Optional[str] = ..., tags: _Optional[_Mapping[str, str]] = ..., found: _Optional[_Mapping[str, float]] = ...) -> None: ...

class ModelSound(_message.Message):
    __slots__ = ("digest", "slot", "schema")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    digest: str
    slot: str
    schema: str
    def __init__(self, digest: _Optional[str] = ..., slot: _Optional[str] = ..., schema: _Optional[str] = ...) -> None: ...

class ModelUnsound(_message.Message):
    __slots__ = ("digest", "slot", "reason", "detail")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    digest: str
    slot: str
    reason: str
    detail: str
    def __init__(self, digest: _Optional[str] = ..., slot: _Optional[str] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class ModelRegistered(_message.Message):
    __slots__ = ("slot", "model", "digest", "size_bytes", "origin", "source", "parent", "metrics", "data_from_ms", "data_until_ms", "trades", "seed", "dataset_digest", "time_ms", "tags", "found")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class FoundEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DATA_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    DATA_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    DATASET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    digest: str
    size_bytes: int
    origin: str
    source: str
    parent: str
    metrics: _containers.ScalarMap[str, float]
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    dataset_digest: str
    time_ms: int
    tags: _containers.ScalarMap[str, str]
    found: _containers.ScalarMap[str, float]
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., origin: _Optional[str] = ..., source: _Optional[str] = ..., parent: _Optional[str] = ..., metrics: _Optional[_Mapping[str, float]] = ..., data_from_ms: _Optional[int] = ..., data_until_ms: _Optional[int] = ..., trades: _Optional[int] = ..., seed: _Optional[int] = ..., dataset_digest: _Optional[str] = ..., time_ms: _Optional[int] = ..., tags: _Optional[_Mapping[str, str]] = ..., found: _Optional[_Mapping[str, float]] = ...) -> None: ...

class ModelRefused(_message.Message):
    __slots__ = ("slot", "digest", "origin", "source", "reason", "detail", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    digest: str
    origin: str
    source: str
    reason: str
    detail: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., digest: _Optional[str] = ..., origin: _Optional[str] = ..., source: _Optional[str] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...
