"""What a screen reader says of controls: each has one name, and no other has the same."""

from collections import Counter

from playwright.sync_api import Page

from tests.browser.lab import words

ROLES = {"button", "combobox", "link", "radio", "slider", "spinbutton", "switch", "textbox"}
TWICE = {  # in the menu and on an empty page, with one address
    ("link", words(language)(name)) for language in ("en", "ko") for name in ("Images", "Linear regression")
}


def not_distinct(page: Page) -> list[tuple[str, str]]:
    """Controls without a name, with the name of another one, or with their own name twice."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    seen = [node for node in nodes if not node["ignored"] and node["role"]["value"] in ROLES]
    counts = Counter((node["role"]["value"], node["name"]["value"]) for node in seen)
    return [
        (role, name)
        for (role, name), count in counts.items()
        if (count > 1 and (role, name) not in TWICE) or not name or name == " ".join([name[: len(name) // 2]] * 2)
    ]
