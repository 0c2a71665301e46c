"""The one scenario that all pages look at: which it is, and how it is changed and kept."""
