"""Tables as offices keep them: where the header stands, which rows are data, what a cell says."""
