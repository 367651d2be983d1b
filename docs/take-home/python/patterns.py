import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import lab
from access_token import Caller, token_from, verify_access_token
from dpop_proof import verify_proof
from refused import Refused
from roles import by_roles

AUDIENCE = os.environ["AUDIENCE"]


@dataclass(frozen=True)
class Incoming:
    """The parts of a request that say who calls."""

    authorization: str | None
    proof: str | None
    method: str
    path: str


@dataclass(frozen=True)
class Pattern:
    scheme: str
    decided_by: str
    identify: Callable[[Incoming], Awaitable[Caller]]
    decide: Callable[[Caller, str, list[dict]], Awaitable[list[dict]]]


async def p05(request: Incoming) -> Caller:
    """Token forwarding: the IdP's signature holds, and nobody asks whom the token was meant for."""
    caller = await verify_access_token(token_from(request.authorization, "Bearer"))
    return _bearer(replace(caller, scopes=[], actors=[]))


async def p06(request: Incoming) -> Caller:
    """Scoped token: only a token that is addressed to this service (RFC 8707), and OPA decides on role and scope."""
    return _bearer(replace(await _addressed(request), actors=[]))


async def p07(request: Incoming) -> Caller:
    """On behalf of: the acting agents go into decision and record (RFC 8693 section 4.1)."""
    return _bearer(await _addressed(request))


async def p08(request: Incoming) -> Caller:
    """Token bound: as p07, and the sender proves to hold the token's key (RFC 9449 section 7.1)."""
    token = token_from(request.authorization, "DPoP")
    caller = await verify_access_token(token, AUDIENCE)
    await verify_proof(request.method, request.path, request.proof, token, caller.claims)
    return caller


async def _addressed(request: Incoming) -> Caller:
    return await verify_access_token(token_from(request.authorization, "Bearer"), AUDIENCE)


def _bearer(caller: Caller) -> Caller:
    """A token that is bound to a key is worth nothing without it (RFC 9449 section 7.1)."""
    if "cnf" in caller.claims:
        raise Refused(401, "invalid_token", "the token is bound to a key, and came as Bearer")
    return caller


PATTERNS = {
    "p05": Pattern("Bearer", "service", p05, by_roles),
    "p06": Pattern("Bearer", "opa", p06, lab.opa("scope")),
    "p07": Pattern("Bearer", "opa", p07, lab.opa("relationships")),
    "p08": Pattern("DPoP", "opa", p08, lab.opa("relationships")),
}
