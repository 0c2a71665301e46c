"""Neighbouring estates that share care rooms."""
