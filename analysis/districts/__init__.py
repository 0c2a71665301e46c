"""What streets, communities and counties have: tiers, beds, land, neighbours."""
