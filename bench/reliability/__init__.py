"""How the door holds: files with what is expected of each, attacks, random damage."""
