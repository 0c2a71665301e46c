"""Figures beside their targets, and the ledger of them."""
