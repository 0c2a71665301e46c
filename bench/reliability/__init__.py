"""How the door holds: a collection of files with what is expected of each, attacks, random damage."""
