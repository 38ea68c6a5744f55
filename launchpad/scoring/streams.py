"""Random numbers that belong to a record: the order of rows, their ids and other records change no draw."""

import hashlib

import numpy as np

from launchpad.scoring.arrays import Floats


def stream(seed: int, code: str, parameter: str) -> np.random.Generator:
    """The generator of one parameter of one record: Philox keyed by SHA-256 of `seed|code|parameter`."""
    digest = hashlib.sha256(f"{seed}|{code}|{parameter}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))


def normals(seed: int, code: str, parameter: str, draws: int) -> Floats:
    """Standard normal deviates of one parameter of one record, (draws,)."""
    return stream(seed, code, parameter).standard_normal(draws)
