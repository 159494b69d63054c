"""One loss curve of three trainings: teacher, student, and the student alone."""

from dataclasses import dataclass

from kingmaker.learners.contract import Tell
from kingmaker.learners.rl.lesson import Losses


@dataclass(slots=True)
class Curve:
    """Tells who learns, at which step of all `of`, and with which losses."""

    tell: Tell
    of: int
    whose: str = ""
    before: int = 0  # steps

    def begin(self, whose: str, before: int) -> None:
        """Go on with somebody, after so many steps of the others."""
        self.whose, self.before = whose, before

    def of_teacher(self, step: int, loss: float) -> None:
        """Tell a point of the teacher's, whose loss has no parts."""
        at = self.before + step
        self.tell({"step": at, "of": self.of, "loss": loss, "whose": self.whose})

    def of_student(self, step: int, found: Losses) -> None:
        """Tell a point of a student's."""
        self.tell(
            {
                "step": self.before + step,
                "of": self.of,
                "loss": float(found.whole),
                "whose": self.whose,
                "td": float(found.td),
                "kl": float(found.kl),
            }
        )
