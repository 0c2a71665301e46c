"""How far places walk: put on streets, gates and barriers kept, minutes told."""
