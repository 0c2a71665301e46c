"""Care: people, coverage, rules and verdicts. Knows no files and no browser."""
