"""The briefing as slides for the meeting: native tables and charts that can be edited."""
