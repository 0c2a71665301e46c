"""Every sentence of a briefing, for whoever checks what is said."""

from collections.abc import Mapping

from geo.language import Message
from report.briefing.content import Briefing


def texts(briefing: Briefing) -> Mapping[str, tuple[str, ...]]:
    """Return every sentence of a briefing by where it stands."""
    return {
        "headline": tuple(map(str, briefing.headline)),
        "steps": tuple(map(str, briefing.steps)),
        "caveats": tuple(map(str, briefing.caveats)),
        **{
            chapter.key: tuple(str(part) for part in chapter.parts if isinstance(part, Message))
            for chapter in briefing.chapters
        },
    }
