"""Place: files, coordinates, streets and walking. Knows no policy and no browser."""
