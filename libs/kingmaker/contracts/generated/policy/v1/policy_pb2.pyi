from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApplyPolicy(_message.Message):
    __slots__ = ("hash", "values", "actor")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    HASH_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    hash: str
    values: _containers.ScalarMap[str, str]
    actor: str
    def __init__(self, hash: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., actor: _Optional[str] = ...) -> None: ...

class PolicyApplied(_message.Message):
    __slots__ = ("hash", "values", "actor")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    HASH_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    hash: str
    values: _containers.ScalarMap[str, str]
    actor: str
    def __init__(self, hash: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., actor: _Optional[str] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("gate", "value", "threshold", "n", "passed", "advisory")
    GATE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    ADVISORY_FIELD_NUMBER: _ClassVar[int]
    gate: str
    value: float
    threshold: float
    n: int
    passed: bool
    advisory: bool
    def __init__(self, gate: _Optional[str] = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., n: _Optional[int] = ..., passed: _Optional[bool] = ..., advisory: _Optional[bool] = ...) -> None: ...

class ParametersWatched(_message.Message):
    __slots__ = ("change", "slot", "number", "canary", "old", "new", "actor", "time_ms")
    class OldEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class NewEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    NEW_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    change: str
    slot: str
    number: int
    canary: str
    old: _containers.ScalarMap[str, str]
    new: _containers.ScalarMap[str, str]
    actor: str
    time_ms: int
    def __init__(self, change: _Optional[str] = ..., slot: _Optional[str] = ..., number: _Optional[int] = ..., canary: _Optional[str] = ..., old: _Optional[_Mapping[str, str]] = ..., new: _Optional[_Mapping[str, str]] = ..., actor: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ParametersRolledBack(_message.Message):
    __slots__ = ("change", "slot", "values", "trigger", "actor", "reason", "command_id", "findings", "notice", "canary", "time_ms", "key_id", "key_owner")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_OWNER_FIELD_NUMBER: _ClassVar[int]
    change: str
    slot: str
    values: _containers.ScalarMap[str, str]
    trigger: str
    actor: str
    reason: str
    command_id: str
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    notice: str
    canary: str
    time_ms: int
    key_id: str
    key_owner: str
    def __init__(self, change: _Optional[str] = ..., slot: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., trigger: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., notice: _Optional[str] = ..., canary: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ..., key_owner: _Optional[str] = ...) -> None: ...
