"""Documents for Word: the report, the check sheets of estates, the forms of what lacks."""
