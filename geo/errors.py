"""What can be refused, in one tree, each written for a planner.

PlanningError
├── LayerError         a layer cannot be used: missing, unreadable, a needed column absent
├── CoordinateError    coordinates cannot be placed on the earth with confidence
├── StreetsError       streets cannot be read, or do not cover the study
├── StudyError         the study description is wrong
├── ScenarioError      the scenario description is wrong
├── SitingError        sites are asked for that no search can look for
├── RuleError          a rule pack is wrong, or has no rule in force
└── DownloadError      the internet is needed and did not answer
"""

from geo.language import Message, say

__all__ = [
    "CoordinateError",
    "DownloadError",
    "LayerError",
    "PlanningError",
    "RuleError",
    "ScenarioError",
    "SitingError",
    "StreetsError",
    "StudyError",
]


class PlanningError(Exception):
    """The work is refused; each message is one clear line: where, what, and what to do."""

    def __init__(self, *messages: Message | str) -> None:
        self.messages: tuple[Message, ...] = tuple(
            message if isinstance(message, Message) else say("{text}", text=message)
            for message in messages
        )
        super().__init__(*self.messages)

    def __str__(self) -> str:
        """Return one line per message, in the language now spoken."""
        return "\n".join(str(message) for message in self.messages)


class LayerError(PlanningError):
    """A layer cannot be used: missing, unreadable, or without a needed column."""


class CoordinateError(PlanningError):
    """Coordinates cannot be placed on the earth with confidence."""


class StreetsError(PlanningError):
    """Streets cannot be read, hold nothing to walk on, or do not cover the study."""


class StudyError(PlanningError):
    """The study description is wrong."""


class ScenarioError(PlanningError):
    """The scenario description is wrong."""


class SitingError(PlanningError):
    """Sites are asked for that no search can look for."""


class RuleError(PlanningError):
    """A rule pack is wrong, or holds no rule in force on the date asked for."""


class DownloadError(PlanningError):
    """The internet is needed and did not answer."""
