"""The page of the provision check: the list of estates, pools to confirm, planning conditions."""
