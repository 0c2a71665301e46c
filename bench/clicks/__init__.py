"""How fast the page answers: first paint, a second visitor, a click, at three sizes of city."""
