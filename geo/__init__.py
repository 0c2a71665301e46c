"""Place: files, coordinates, streets and walking. Knows no policy and no browser."""

from geo.kernels import keep_compiled

keep_compiled()
