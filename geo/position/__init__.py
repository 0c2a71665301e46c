"""Where a row lies: coordinates, their system, their zone, and rows that lie astray."""
