"""Walking along streets: places put on them, searches, tables, and what changes alter."""
