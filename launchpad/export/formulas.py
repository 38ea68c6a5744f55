"""Pieces of formulas that Excel since 2010 and LibreOffice calculate alike, written so that no division by 0 is met."""

import math
from collections.abc import Iterable, Sequence


def product_of(parts: Iterable[str | None]) -> str:
    """The product of what there is; 1 where there is nothing."""
    return "*".join(part for part in parts if part) or "1"


def spans(*stretches: Sequence[str]) -> list[str]:
    """The ranges that hold some stretches of a column, cells in order without gaps; empty stretches left out."""
    return [each[0] if len(each) == 1 else f"{each[0]}:{each[-1]}" for each in stretches if each]


def mixed(parts: Sequence[str], weight: str) -> str:
    """How misses coincide: from their product (`weight` 0) to their smallest (1); the parts are cells or ranges."""
    inside = ",".join(parts)
    product, smallest = f"PRODUCT({inside})", f"MIN({inside})"
    if inside == parts[0] and ":" not in inside:
        return inside
    if weight in ("0", "1"):
        return product if weight == "0" else smallest
    return f"MIN({product}+{weight}*({smallest}-{product}),{smallest})"


def mixed_value(values: Sequence[float], weight: float) -> float:
    """The same as a number."""
    product, smallest = math.prod(values), min(values)
    return min(product + weight * (smallest - product), smallest)


def rate_of(theta: str, left: str, seen: str, kept: str | None) -> str:
    """The chance of a violating output: `theta` times what gets through over what got through in the evidence.

    `kept` is the share of benign requests left alone, over that in the evidence, where benign requests are turned away.
    """
    share = f"IF({seen}>0,MIN({theta}*{left}/{seen},1),IF({left}>0,1,MIN({theta},1)))"
    rate = f"IF({theta}>0,{share},0)"
    if kept is None:
        return rate
    return f"MAX(0,MIN(1,1-(1-{rate})*{kept}))"
