"""A rule in words: document, clause, its own words, and how sure we are of them."""

from collections.abc import Mapping
from types import MappingProxyType

from analysis.rulebook import Rule
from geo.language import Message, joined, say

CONFIDENCE: Mapping[str, Message] = MappingProxyType(
    {
        "policy text": say("政策原文"),
        "public page": say("见于公开页面，未见全文"),
        "recalled": say("凭记忆，未核实，不作依据"),
    }
)


def rule_words(rule: Rule) -> Message:
    """Return a rule as one line: document, clause, 「quote」, confidence."""
    named = joined(" ", *(part for part in (rule.document, rule.clause) if part))
    quote = f"「{rule.quote}」" if rule.quote else ""
    return say(
        "{named}{quote}（{confidence}；自 {since} 起）",
        named=named,
        quote=quote,
        confidence=CONFIDENCE[rule.confidence],
        since=rule.in_force_from.isoformat(),
    )


def rule_content(rule: Rule | None) -> dict[str, object] | None:
    """Return a rule as plain values; None where there is none."""
    return None if rule is None else {"id": rule.id, **rule.model_dump(mode="json")}
