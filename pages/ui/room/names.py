"""Names and codes that are easy to read out, to type, and to tell apart."""

import hashlib
import hmac
import re
import secrets
import unicodedata

from ..i18n import N_, _

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""Without I, O and S, which look like 1, 0 and 5."""

LENGTH = 6
MAX_NAME = 24

COLORS = (N_("Amber"), N_("Blue"), N_("Coral"), N_("Golden"), N_("Green"), N_("Indigo"), N_("Jade"), N_("Lilac"))
ANIMALS = (
    N_("Badger"), N_("Crane"), N_("Dolphin"), N_("Falcon"), N_("Fox"), N_("Heron"), N_("Koala"), N_("Lynx"),
    N_("Magpie"), N_("Otter"), N_("Owl"), N_("Panda"), N_("Rabbit"), N_("Tiger"), N_("Turtle"), N_("Whale"),
)  # fmt: skip
"""A seat is called after one of each: 128 names, which a page translates word by word."""


def new_code() -> str:
    """A code for a room: one of 148 million."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """The code that somebody typed, "" if it cannot be one: small letters, spaces and full width are forgiven."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text[:40])).upper()
    return code if re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", code) else ""


def new_secret() -> str:
    """A secret of a leader or of a seat."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """What a room keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret(secret: str, kept: str) -> bool:
    """Whether this is the secret of which a room has kept that, in constant time."""
    return hmac.compare_digest(digest(secret), kept)


def own_name(text: str) -> str:
    """A name that somebody has typed: letters, digits, spaces and a few signs, of at most `MAX_NAME` characters."""
    clean = re.sub(r"[^\w .'-]", "", unicodedata.normalize("NFKC", text[:200]))
    return re.sub(r"[\s_]+", " ", clean).strip()[:MAX_NAME].strip()


def said(name: str | tuple[str, str]) -> str:
    """A name as it was typed, or the two words of ours in the page's language."""
    return name if isinstance(name, str) else " ".join(_(word) for word in name)
