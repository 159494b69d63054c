from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Signed(_message.Message):
    __slots__ = ("key_id", "type", "payload", "signature")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    type: str
    payload: bytes
    signature: bytes
    def __init__(self, key_id: _Optional[str] = ..., type: _Optional[str] = ..., payload: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class Key(_message.Message):
    __slots__ = ("key_id", "public_key", "owner", "role", "not_before_ms", "not_after_ms")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    public_key: str
    owner: str
    role: str
    not_before_ms: int
    not_after_ms: int
    def __init__(self, key_id: _Optional[str] = ..., public_key: _Optional[str] = ..., owner: _Optional[str] = ..., role: _Optional[str] = ..., not_before_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class ApplyKeys(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[Key]
    def __init__(self, keys: _Optional[_Iterable[_Union[Key, _Mapping]]] = ...) -> None: ...

class TrustKey(_message.Message):
    __slots__ = ("command_id", "key", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    key: Key
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., key: _Optional[_Union[Key, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class RevokeKey(_message.Message):
    __slots__ = ("command_id", "key_id", "from_ms", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_MS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    key_id: str
    from_ms: int
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., key_id: _Optional[str] = ..., from_ms: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class SkipInput(_message.Message):
    __slots__ = ("command_id", "service", "index", "topic", "lane", "seq", "hash", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    service: str
    index: int
    topic: str
    lane: int
    seq: int
    hash: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., service: _Optional[str] = ..., index: _Optional[int] = ..., topic: _Optional[str] = ..., lane: _Optional[int] = ..., seq: _Optional[int] = ..., hash: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class KeyTrusted(_message.Message):
    __slots__ = ("key", "by_key_id", "actor", "reason", "command_id", "time_ms")
    KEY_FIELD_NUMBER: _ClassVar[int]
    BY_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    key: Key
    by_key_id: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    def __init__(self, key: _Optional[_Union[Key, _Mapping]] = ..., by_key_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class KeyRevoked(_message.Message):
    __slots__ = ("key_id", "from_ms", "by_key_id", "actor", "reason", "command_id", "time_ms")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_MS_FIELD_NUMBER: _ClassVar[int]
    BY_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    from_ms: int
    by_key_id: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    def __init__(self, key_id: _Optional[str] = ..., from_ms: _Optional[int] = ..., by_key_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CommandPending(_message.Message):
    __slots__ = ("command_id", "command", "type", "payload", "digest", "actor", "reason", "target", "key_id", "owner", "expires_ms", "not_after_ms", "time_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    command: str
    type: str
    payload: bytes
    digest: str
    actor: str
    reason: str
    target: str
    key_id: str
    owner: str
    expires_ms: int
    not_after_ms: int
    time_ms: int
    def __init__(self, command_id: _Optional[str] = ..., command: _Optional[str] = ..., type: _Optional[str] = ..., payload: _Optional[bytes] = ..., digest: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., target: _Optional[str] = ..., key_id: _Optional[str] = ..., owner: _Optional[str] = ..., expires_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class SkipAllowed(_message.Message):
    __slots__ = ("service", "index", "topic", "lane", "seq", "hash", "actor", "reason", "command_id", "key_id", "payload", "signature", "time_ms")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    service: str
    index: int
    topic: str
    lane: int
    seq: int
    hash: str
    actor: str
    reason: str
    command_id: str
    key_id: str
    payload: bytes
    signature: bytes
    time_ms: int
    def __init__(self, service: _Optional[str] = ..., index: _Optional[int] = ..., topic: _Optional[str] = ..., lane: _Optional[int] = ..., seq: _Optional[int] = ..., hash: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., key_id: _Optional[str] = ..., payload: _Optional[bytes] = ..., signature: _Optional[bytes] = ..., time_ms: _Optional[int] = ...) -> None: ...
