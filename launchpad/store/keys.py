"""Ed25519 keys in the keyring of the system: made, found by their public half, and used to sign."""

import base64
import binascii

from launchpad.edits.signatures import Signer
from launchpad.errors import InvalidValueError

SERVICE = "launchpad"
WITHOUT = "Sign without a key, or set up a keyring: Keychain, Credential Locker, Secret Service or KWallet."


def make() -> str:
    """The public half (base64) of a new key, whose other half now lies in this person's keyring."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    _write(public, base64.b64encode(key.private_bytes_raw()).decode())
    if _read(public) is None:
        raise InvalidValueError("The keyring of this machine keeps nothing.", WITHOUT)
    return public


def signer(public_key: str | None, whose: str) -> Signer:
    """What signs with the key of that public half; InvalidValueError when it is not on this machine."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if public_key is None:
        raise InvalidValueError(
            f"There is no public key on record for {whose}.", f"Make one: launchpad sign PROJECT --make-key {whose}."
        )
    secret = _read(public_key)
    if secret is None:
        raise InvalidValueError(
            f"The key of {whose} is not in the keyring of this machine.",
            f"Sign where it is, sign without a key, or make a new one: --make-key {whose}.",
        )
    try:
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret, validate=True))
    except (ValueError, binascii.Error) as error:
        raise InvalidValueError(
            f"What the keyring holds for {whose} is no Ed25519 key.", f"Make a new one: --make-key {whose}."
        ) from error
    return Signer(base64.b64encode(key.public_key().public_bytes_raw()).decode(), key.sign)


def at_hand(public_key: str | None) -> bool:
    """Whether this machine can sign with the key of that public half; never asks, never fails."""
    try:
        return public_key is not None and _read(public_key) is not None
    except InvalidValueError:
        return False


def _read(public: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, public)
    except KeyringError as error:
        raise _no_keyring() from error


def _write(public: str, secret: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, public, secret)
    except KeyringError as error:
        raise _no_keyring() from error


def _no_keyring() -> InvalidValueError:
    return InvalidValueError("This machine has no keyring that can be used.", WITHOUT)
