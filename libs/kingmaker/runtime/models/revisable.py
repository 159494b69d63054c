"""What a graph declares of how it learns, and how a revision looks as bytes.

A graph that can be revised has one initialiser more that may be given another value: `revision`.
Its signature is that of any other model of the component, and who gives nothing gets the model as
it was exported. Where the signature itself takes what a rule gives (the ensemble's weights), the
graph is that of any other model, and only its metadata declare the rule.
"""

import struct
from dataclasses import dataclass
from typing import Any, Self

from kingmaker.revisions import Declaration, Numbers, UnusableDeclarationError
from kingmaker.revisions.declaration import INPUT, KEY, read
from kingmaker.revisions.rules import Rule, rule_of
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.layout import BadInputError

__all__ = ["INPUT", "KEY", "Revisable"]


@dataclass(frozen=True, slots=True)
class Revisable:
    """A sound declaration, its rule, and the bytes that its graph takes."""

    declaration: Declaration
    rule: Rule
    layout: struct.Struct

    @classmethod
    def of(cls, component: str, session: Any) -> Self | None:  # noqa: ANN401 - onnxruntime ships no types
        """Read it from a session; None where nothing is declared. Raise ModelRefusedError."""
        text = session.get_modelmeta().custom_metadata_map.get(KEY, "")
        ports = [
            (port.name, tuple(port.shape), port.type)
            for port in session.get_overridable_initializers()
        ]
        if not text and not ports:
            return None
        try:
            declaration = read(text)
            rule = rule_of(declaration, component)
        except UnusableDeclarationError as error:
            raise ModelRefusedError("signature_mismatch", str(error)) from error
        wanted = [] if rule.inputs else [(INPUT, (rule.vector_size,), "tensor(float)")]
        if ports != wanted:
            raise ModelRefusedError(
                "signature_mismatch", f"it lets others set {ports}, {rule.title} sets {wanted}"
            )
        return cls(declaration, rule, struct.Struct(f"={rule.vector_size}f"))

    def first(self) -> Numbers:
        """Return the vector of the model as it was exported."""
        return self.rule.vector(self.declaration, self.rule.begin(self.declaration))

    def pack(self, vector: Numbers) -> bytes:
        """Return a vector as bytes. Raise BadInputError where it is none of this rule."""
        if self.rule.inputs:
            raise BadInputError(f"what {self.rule.title} gives is among the inputs, no revision")
        try:
            return self.layout.pack(*vector)
        except (struct.error, OverflowError) as error:
            raise BadInputError(f"the revision is not {self.layout.format}: {error}") from error
