"""Where a verdict's rule is written: its document, clause and own words."""

from analysis.rulebook import Rule, Rulebook


def rule_named(book: Rulebook, rule_id: object) -> Rule | None:
    """Return the rule behind a verdict; None where the row names none."""
    rules = (rule for pack in book.packs for rule in pack.rules)
    return next((rule for rule in rules if rule.id == rule_id), None)
