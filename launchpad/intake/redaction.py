"""What a log tells of keys, people and machines, taken out of the few words that are kept of it."""

import re
from functools import lru_cache

MARK = "…"
# The shapes in which providers hand out keys, and the words keys stand behind.
_KEY = re.compile(
    r"""
    \b(?: sk-(?=[\w-]*\d)[\w-]{12,}
        | hf_[A-Za-z0-9]{8,} | gsk_[A-Za-z0-9]{8,} | r8_[A-Za-z0-9]{8,} | xox[abprs]-[\w-]{8,}
        | gh[opsur]_[A-Za-z0-9]{16,} | AIza[\w-]{16,} | AKIA[A-Z0-9]{12,} | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,} )
    """,
    re.VERBOSE,
)
_BEHIND = re.compile(
    r"""
    (\b (?: (?:bearer|basic) \s+ (?=[^\s]*\d)
          | (?:[\w-]{0,30}api[_-]?key | access[_-]?token | auth[_-]?token | secret[_-]?key | authorization
              | client[_-]?secret) ["']? \s* [=:] \s* ["']? (?:bearer\s+|basic\s+)? ) )
    [^\s"',;&}\])]{6,}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<=://)[^\s/@:]{1,100}:[^\s/@]{1,200}(?=@)")
_HOME = re.compile(r"(?i)((?:/home/|/users/|\b[a-z]:\\+users\\+))[^\s/\\:\"'<>|]+")
_ADDRESS = re.compile(r"(?i)\b((?:https?|wss?|ssh|postgres(?:ql)?|redis)://)[^\s\"'<>)\]]+")


@lru_cache(maxsize=1024)
def without_keys(words: str) -> str:
    """The words with every provider's key, login and home folder in them made unreadable."""
    found = _BEHIND.sub(rf"\1{MARK}", words)
    found = _KEY.sub(MARK, found)
    found = _LOGIN.sub(MARK, found)
    return _HOME.sub(rf"\1{MARK}", found)


def without_traces(words: str) -> str:
    """As `without_keys`, and without the addresses of machines: for what an error says."""
    return _ADDRESS.sub(rf"\1{MARK}", without_keys(words))
