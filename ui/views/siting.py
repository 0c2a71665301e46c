"""The page of siting: try what would be opened, closed, moved or built, and find the best sites."""



from ui.page import opened
from ui.progress import silent
from ui.scenarios.at_hand import at_hand
from ui.siting.map import show_map
from ui.siting.parts import show_parts
from ui.siting.redraw import drawn
from ui.siting.trying import trying_of


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    page = opened(as_it_stands=True)
    if page is None:
        return
    trying = trying_of(page.choice, progress=silent)
    shown = drawn(at_hand(page.choice.study))
    show_map(trying, shown)
    show_parts(trying, shown)
