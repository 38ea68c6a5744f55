"""Signatures under a decision: bound to all it rests on, with a key where the person has one."""

import base64
import binascii
import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from launchpad.changes import Change, insert
from launchpad.edits import Proposal
from launchpad.edits.decisions import refuse_fallen
from launchpad.edits.records import made_from, next_code, set_values
from launchpad.edits.roles import may
from launchpad.edits.stamps import Stamp
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError
from launchpad.records import Decision, Inputs, Launch, Person, SignOff, plain_row

WITHOUT_A_KEY = (
    "Without a key a signature is a claim by whoever holds the file: it shows that the file was not changed "
    "by accident, not who signed."
)
NO_KEY, VERIFIED, ANOTHER_KEY, ALTERED = "no key", "verified", "signed by another key", "altered after signing"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a signature is bound to: the parts as canonical JSON, and the SHA-256 over them."""

    parts: bytes
    rests_on: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A key at hand: its public half (Ed25519, base64), and what signs some bytes with the other half."""

    public_key: str
    sign: Callable[[bytes], bytes]


def sign(
    inputs: Inputs,
    decision: Decision,
    person: Person,
    *,
    bound: Bound,
    stamp: Stamp,
    note: str = "",
    signer: Signer | None = None,
) -> Proposal:
    """The row that puts a person's name under a decision in the person's role, and the parts it is bound to.

    Raises InvalidValueError for a person without a role, a decision that does not stand any more, one this person
    has signed on the same grounds already, and a key that is not the person's.
    """
    launch = inputs.get(Launch, decision.launch)
    role = may(inputs, launch, person, "sign")
    refuse_fallen(inputs, decision)
    _refuse_twice(inputs, decision, person, bound)
    if signer is not None and signer.public_key != person.public_key:
        raise InvalidValueError(
            f"The key at hand is not the one on record for {person.code}.",
            f"Make one and keep it on record: launchpad sign PROJECT --make-key {person.code}.",
        )
    parts = hashlib.sha256(bound.parts).hexdigest()
    row = made_from(
        SignOff,
        {
            "code": next_code(inputs, SignOff),
            "launch": launch.id,
            "decision": decision.id,
            "person": person.id,
            "role": role,
            "note": note.strip() or None,
            "signed_at": stamp.at,
            "os_user": stamp.os_user,
            "host": stamp.host,
            "head": stamp.head,
            "rests_on": bound.rests_on,
            "parts": parts,
            "public_key": None if signer is None else signer.public_key,
        },
    )
    if not isinstance(row, SignOff):
        raise TypeError(row)
    if signer is not None:
        made = base64.b64encode(signer.sign(signed_bytes(inputs, row))).decode()
        row = dataclasses.replace(row, signature=made)
    return Proposal((insert(row),), {parts: bound.parts})


def take_back_signature(inputs: Inputs, row: SignOff, person: Person, *, reason: str, stamp: Stamp) -> list[Change]:
    """The change that takes a signature back by a new row that names it; only who signed can. Both are kept."""
    if row.person != person.id:
        who = inputs.get(Person, row.person).code
        raise InvalidValueError(f"{row.code} is the signature of {who}.", f"Only {who} can take it back.")
    if row not in standing(inputs.rows(SignOff, row.launch)):
        raise InvalidValueError(f"Signature {row.code} does not stand any more.", "Nothing to take back.")
    if not reason.strip():
        raise InvalidValueError(f"Nothing is said of why {row.code} is taken back.", "Say why: --reason TEXT.")
    values = {
        "code": next_code(inputs, SignOff),
        "launch": row.launch,
        "decision": row.decision,
        "person": person.id,
        "role": row.role,
        "signed_at": stamp.at,
        "os_user": stamp.os_user,
        "host": stamp.host,
        "head": stamp.head,
        "withdraws": row.code,
        "reason": reason.strip(),
    }
    return [insert(made_from(SignOff, values))]


def keep_public_key(person: Person, public_key: str) -> list[Change]:
    """The changes that put a public key on record for a person; signatures of an earlier key no longer match."""
    return set_values(person, public_key=public_key)


def signed_bytes(inputs: Inputs, row: SignOff) -> bytes:
    """What a key signs: every field of a signature but the signature itself, as canonical JSON."""
    plain = {name: value for name, value in plain_row(inputs, row).items() if name != "signature"}
    whole = json.dumps([row.table, plain], ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return whole.encode()


def key_state(inputs: Inputs, row: SignOff) -> str:
    """What the key says of a signature: no key, verified, signed by another key, or altered after signing."""
    if row.public_key is None and row.signature is None:
        return NO_KEY
    if not _verifies(row.public_key or "", row.signature or "", signed_bytes(inputs, row)):
        return ALTERED
    return VERIFIED if row.public_key == inputs.get(Person, row.person).public_key else ANOTHER_KEY


def _verifies(public_key: str, signature: str, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _refuse_twice(inputs: Inputs, decision: Decision, person: Person, bound: Bound) -> None:
    for row in standing(inputs.rows(SignOff, decision.launch)):
        if (row.decision, row.person, row.rests_on) == (decision.id, person.id, bound.rests_on):
            raise InvalidValueError(
                f"{person.code} has signed decision {decision.code} already ({row.code}), and nothing changed since.",
                "Nothing to sign.",
            )
