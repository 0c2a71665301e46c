"""Lists and clauses within one sentence, with the signs of the language that is spoken."""

from geo.language import Message, say


def listed(*parts: Message | str) -> Message:
    """Return parts as a list: 、 between them in Chinese, a comma in English."""
    *before, last = parts or ("",)
    told = _alone(last)
    for part in reversed(before):
        told = say("{first}、{rest}", first=part, rest=told)
    return told


def clauses(*parts: Message | str) -> Message:
    """Return parts as clauses of one sentence: ； between them in Chinese, else a semicolon."""
    *before, last = parts or ("",)
    told = _alone(last)
    for part in reversed(before):
        told = say("{first}；{rest}", first=part, rest=told)
    return told


def _alone(part: Message | str) -> Message:
    return part if isinstance(part, Message) else say("{text}", text=part)
