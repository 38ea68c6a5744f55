"""Addresses and keys: what is refused before anything leaves, and what is said of a key (nothing)."""

import base64
import json
from urllib.parse import quote

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from launchpad.endpoints.endpoint import Endpoint, EndpointError, same_place, usable
from launchpad.endpoints.keys import NO_KEY, Key, find_key, redacted, refuse_open_road
from launchpad.errors import InvalidValueError

GIVEN = "lp-Zq81x/TmK+93vvB=="


def at(url: str, **other: object) -> Endpoint:
    return usable(Endpoint(url=url, model="m", **other))  # pyright: ignore[reportArgumentType] - the test's own fields


@pytest.mark.parametrize(
    ("url", "base", "host"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1", "localhost:11434"),
        ("http://localhost:11434/", "http://localhost:11434/v1", "localhost:11434"),
        ("https://api.example.org/v1/", "https://api.example.org/v1", "api.example.org"),
        ("https://api.example.org:443/v1", "https://api.example.org:443/v1", "api.example.org"),
        ("https://api.example.org/openai/v1/chat/completions", "https://api.example.org/openai/v1", "api.example.org"),
        ("http://127.0.0.1:8080/v1/moderations", "http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080/v1", "[::1]:8080"),
        ("HTTP://LocalHost:1", "http://localhost:1/v1", "localhost:1"),
    ],
)
def test_that_an_address_comes_into_one_form(url, base, host):
    found = at(url)
    assert (found.url, found.host) == (base, host)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434",
        "ftp://example.org",
        "file:///etc/passwd",
        "http://",
        "http://user:geheim@example.org/v1",
        "https://example.org/v1?api-key=geheim",
        "https://example.org/v1#geheim",
        "http://example.org:99999",
        "http://[::1",
        "http://exa mple.org",
        "",
    ],
)
def test_that_an_address_that_is_none_or_holds_a_secret_is_refused_without_repeating_it(url):
    with pytest.raises(InvalidValueError) as refused:
        at(url)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("other", [{"temperature": 3}, {"max_tokens": 0}, {"timeout": 0}, {"rate": 0}, {"retries": -1}])
def test_that_numbers_out_of_range_are_refused(other):
    with pytest.raises(InvalidValueError):
        at("http://localhost:1", **other)


def test_that_a_redirect_may_only_stay_on_its_host():
    assert same_place("http://a.org/v1", "http://a.org/v2")
    assert same_place("http://a.org/v1", "https://a.org/v1")
    assert not same_place("https://a.org/v1", "http://a.org/v1")
    assert not same_place("https://a.org/v1", "https://a.org:8443/v1")
    assert not same_place("https://a.org/v1", "https://b.org/v1")
    assert not same_place("https://a.org/v1", "file:///v1")


def test_that_a_key_is_found_in_the_environment(monkeypatch):
    monkeypatch.delenv("LAUNCHPAD_API_KEY", raising=False)
    assert find_key() == NO_KEY
    monkeypatch.setenv("LAUNCHPAD_API_KEY", f" {GIVEN}\n")
    monkeypatch.setenv("OTHER", "another-key-1")
    assert find_key().headers == {"Authorization": f"Bearer {GIVEN}"}
    assert find_key(env="OTHER").headers == {"Authorization": "Bearer another-key-1"}
    with pytest.raises(EndpointError, match="ABSENT"):
        find_key(env="ABSENT")


@pytest.mark.parametrize("odd", ["two words", "line\nbreak", "schlüssel", "tab\tbed", "x" * 9000])
def test_that_what_is_no_key_is_refused_and_not_told(monkeypatch, odd):
    monkeypatch.setenv("ODD", odd)
    with pytest.raises(EndpointError) as refused:
        find_key(env="ODD")
    assert odd not in str(refused.value)


class Ring(KeyringBackend):
    """A keyring in memory, or one that stays shut."""

    priority = 1  # pyright: ignore[reportAssignmentType] - a number is how backends say it

    def __init__(self, *, shut: bool = False) -> None:
        super().__init__()
        self.shut = shut

    def get_password(self, service, username):
        if self.shut:
            raise KeyringLocked("locked")
        return GIVEN if (service, username) == ("launchpad", "work") else None

    def set_password(self, service, username, password):
        raise NotImplementedError

    def delete_password(self, service, username):
        raise NotImplementedError


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_that_a_key_is_found_in_the_keyring(ring):
    ring(Ring())
    assert find_key(ring="work").secret == GIVEN
    with pytest.raises(EndpointError, match="no entry 'other'"):
        find_key(ring="other")
    with pytest.raises(EndpointError, match="not both"):
        find_key(env="A", ring="B")
    ring(Ring(shut=True))
    with pytest.raises(EndpointError, match="keyring cannot be read"):
        find_key(ring="work")


def test_that_a_key_shows_nowhere():
    key = Key(GIVEN, "the variable X")
    assert GIVEN not in repr(key) + str(key) + f"{key}"


def test_that_a_key_is_taken_out_of_words_in_every_form_it_is_echoed_in():
    key = Key(GIVEN, "x")
    bare = base64.b64encode(GIVEN.encode()).decode()
    forms = (GIVEN, quote(GIVEN, safe=""), bare, GIVEN.encode().hex(), json.dumps({"authorization": GIVEN}))
    for form in forms:
        said = redacted(f"bad key {form}, sorry", key)
        assert GIVEN not in said
        assert bare not in said
        assert quote(GIVEN, safe="") not in said
        assert GIVEN.encode().hex() not in said
        assert said.startswith("bad key")
        assert said.endswith("sorry")


@given(st.text(), st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=6), st.text())
def test_that_no_key_survives_between_any_words(before, secret, after):
    assert secret not in redacted(f"{before}{secret}{after}", Key(secret, "x")) or secret in before + after


def test_that_other_peoples_keys_are_taken_out_too():
    said = redacted("sk-proj-a1b2c3d4e5f6g7h8 and Bearer abc123def456", NO_KEY)
    assert "a1b2c3" not in said
    assert "abc123" not in said


def test_that_a_key_does_not_travel_in_the_open():
    key = Key(GIVEN, "the variable X")
    with pytest.raises(EndpointError, match="plain http") as refused:
        refuse_open_road(at("http://api.example.org/v1"), key)
    assert GIVEN not in str(refused.value)
    for url in ("https://api.example.org", "http://localhost:1", "http://10.0.0.7:8000", "http://gpu-box:8000"):
        refuse_open_road(at(url), key)
    refuse_open_road(at("http://api.example.org/v1"), NO_KEY)
