"""Why a number on the page is what it is."""
