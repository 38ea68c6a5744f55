"""One request and its answer: what is tried again, what is given up, and what stops at once."""

import datetime as dt
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from launchpad.endpoints.answers import said_in
from launchpad.endpoints.calling import MAX_BODY, Sent, body_of, post
from launchpad.endpoints.endpoint import EndpointError
from launchpad.endpoints.keys import Key
from launchpad.errors import CancelledError
from tests.endpoints.server import Local, busy

CHAT = "/chat/completions"
BODY = body_of({"model": "m", "messages": [{"role": "user", "content": "hello"}]})
GIVEN = "lp-Zq81xTmK93vvB42"


def sent(talk, **other) -> Sent:
    with talk(**other) as connection:
        return post(connection, CHAT, BODY)


def test_that_an_answer_comes_back_with_its_time(local, talk):
    found = sent(talk)
    assert (found.status, found.kind, found.tries) == (200, "", 1)
    assert found.latency_ms > 0
    assert local.bodies == [BODY]


def test_that_the_same_question_is_the_same_bytes():
    assert body_of({"b": 1, "a": "ü\ud800"}) == body_of({"a": "ü\ud800", "b": 1}) == b'{"a":"\\u00fc\\ud800","b":1}'


@pytest.mark.parametrize("trouble", ["busy", "500", "close", "half"])
def test_that_a_busy_or_broken_endpoint_is_asked_again(local, talk, trouble):
    local.script = [trouble, None]
    found = sent(talk, retries=1)
    assert (found.status, found.tries) == (200, 2)
    assert len(local.asked) == 2


def test_that_tries_come_to_an_end(local, talk):
    local.script = [busy("0")] * 5
    found = sent(talk, retries=2)
    assert (found.status, found.tries) == (429, 3)
    assert len(local.asked) == 3


@pytest.mark.parametrize("after", ["86400", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_that_nobody_waits_for_a_day(local, talk, after):
    local.script = [busy(after)]
    assert sent(talk, retries=4).status == 429
    assert len(local.asked) == 1


@pytest.mark.parametrize("after", ["Thu, 01 Jan 1998 00:00:00 GMT", "0", "0.01"])
def test_that_retry_after_is_kept_to_as_a_number_and_as_a_date(local, talk, after):
    local.script = [busy(after), None]
    assert sent(talk, retries=1).status == 200


@pytest.mark.parametrize(
    ("trouble", "kind"), [("hang", "timeout"), ("drip", "timeout"), ("close", "cut"), ("half", "cut")]
)
def test_that_what_never_ends_is_given_up_in_time(local, talk, trouble, kind):
    local.script = [trouble]
    assert sent(talk, timeout=0.4).kind == kind


def test_that_garbage_without_end_is_read_no_further_than_the_limit(local, talk):
    local.script = ["garbage"]
    found = sent(talk, timeout=20)
    assert found.kind == "too_big"
    assert len(found.text) == MAX_BODY
    assert said_in(found).why.startswith("The answer was longer than")


def test_that_nobody_at_home_is_told_apart(talk):
    with Local() as gone:
        url = gone.url
    assert sent(talk, url=url).kind == "unreachable"


def test_that_a_redirect_to_another_host_is_refused_and_one_on_the_host_is_followed(local, talk):
    local.script = ["around", None]
    assert sent(talk).status == 200
    assert local.bodies == [BODY, BODY]
    local.script = ["elsewhere"]
    with pytest.raises(EndpointError, match="another host"):
        sent(talk)
    local.script = ["around"] * 9
    with pytest.raises(EndpointError, match="circle"):
        sent(talk)


def test_that_a_key_is_in_the_head_and_never_in_what_comes_back(local, talk):
    local.script = ["echo"]
    found = sent(talk, key=Key(GIVEN, "X"))
    assert local.keys == [f"Bearer {GIVEN}"]
    assert found.status == 500
    assert "upstream said no" in found.text
    assert GIVEN not in repr(found)
    with talk(key=Key(GIVEN, "X")) as connection:
        assert GIVEN not in repr(connection)


def test_that_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path, talk):
    path = tmp_path / "own.pem"
    path.write_bytes(_certificate())
    with Local() as secure:
        secure.secure(str(path))
        with pytest.raises(EndpointError, match="certificate") as refused:
            sent(talk, url=secure.url.replace("http:", "https:"), key=Key(GIVEN, "X"))
    assert GIVEN not in str(refused.value)
    assert not secure.asked


def test_that_waiting_stops_when_a_person_wants_it(local, talk):
    beats = []

    def heard(words: str) -> None:
        beats.append(words)
        if words == "waiting for an answer":
            raise CancelledError("Stopped.")

    local.script = ["hang"]
    with pytest.raises(CancelledError):
        sent(talk, heard=heard, timeout=600)
    local.script = [busy("500")]
    with pytest.raises(CancelledError):
        sent(talk, heard=_stop_at("is busy"), retries=3)
    with talk(heard=_stop_at("keeping to the rate"), rate=0.1) as connection:
        post(connection, CHAT, BODY)
        with pytest.raises(CancelledError):
            post(connection, CHAT, BODY)


def _stop_at(sign: str):
    def heard(words: str) -> None:
        if sign in words:
            raise CancelledError("Stopped.")

    return heard


def test_that_requests_keep_their_distance(talk):
    waits = []
    with talk(heard=waits.append, rate=300) as connection:
        for _ in range(2):
            post(connection, CHAT, BODY)
    assert any("keeping to the rate" in words for words in waits)


def test_that_a_connection_works_in_any_thread(talk):
    found = []
    thread = threading.Thread(target=lambda: found.append(sent(talk)))
    thread.start()
    thread.join()
    assert found[0].status == 200


def _certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return own + made.public_bytes(serialization.Encoding.PEM)
