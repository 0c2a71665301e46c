"""Lists and clauses within one sentence, with the signs of the language that is spoken."""

from geo.language import Message, joined


def listed(*parts: Message | str) -> Message:
    """Return parts as a list: 、 between them in Chinese, a comma in English."""
    return joined("、", *parts)


def clauses(*parts: Message | str) -> Message:
    """Return parts as clauses of one sentence: ； between them in Chinese, else a semicolon."""
    return joined("；", *parts)
