"""Columns as a spreadsheet names them."""


def column_letters(position: int) -> str:
    """Return the name of a column in a spreadsheet, counted from 0: 0 is A, 26 is AA."""
    letters, rest = "", position + 1
    while rest:
        rest, at = divmod(rest - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters
