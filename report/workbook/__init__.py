"""A briefing as one Excel workbook."""
