"""Searches for sites, each a question of arrays alone, with a proof."""
