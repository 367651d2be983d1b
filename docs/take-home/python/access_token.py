import os
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

import lab
from jwks import key_set
from refused import Refused

LEEWAY, MAX_AGE = 30, 3600


@dataclass(frozen=True)
class Caller:
    """What a pattern knows of its caller."""

    user: str
    roles: list[str]
    client: str
    scopes: list[str]
    actors: list[str]
    jti: str
    claims: dict


def token_from(header: str | None, scheme: str) -> str:
    """Takes the token out of `Authorization: <scheme> <token>` (RFC 6750 section 2.1, RFC 9449 section 7.1)."""
    if not header:
        raise Refused(401, "missing_credential", f"no {scheme} token")
    presented, _, token = header.partition(" ")
    if presented.lower() != scheme.lower() or not token or " " in token:
        raise Refused(401, "invalid_token", f'the Authorization header is not "{scheme} <token>"')
    return token


async def verify_access_token(token: str, audience: str | None = None) -> Caller:
    """Verifies an access token (RFC 9068 section 4). Without an audience, a token for any service is good here."""
    now = int(await lab.now())
    rules = {name: {"essential": True} for name in ("exp", "iat", "sub", "jti")}
    rules["iss"] = {"essential": True, "value": os.environ["ISSUER"]}
    if audience:
        rules["aud"] = {"essential": True, "value": audience}
    try:
        try:
            decoded = _decode(token, await key_set())
        except InvalidKeyIdError:  # an unknown `kid`: the keys may have been rotated
            decoded = _decode(token, await key_set(renew=True))
        # Also refuses a token from the future.
        jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY, **rules).validate(decoded.claims)
    except (JoseError, ValueError) as error:
        raise Refused(401, "invalid_token", str(error)) from error
    claims = decoded.claims
    # RFC 9068 section 2.1: an ID token of the same issuer is no access token.
    if str(decoded.header.get("typ", "")).lower().removeprefix("application/") != "at+jwt":
        raise Refused(401, "invalid_token", "typ: not an access token")
    if now - claims["iat"] > MAX_AGE + LEEWAY:
        raise Refused(401, "invalid_token", "iat: too long ago")
    user = await lab.user_of(claims["sub"])
    if not user:
        raise Refused(401, "invalid_token", "the token names a user who is not known here")
    roles = claims["roles"] if isinstance(claims.get("roles"), list) else []
    scopes = str(claims.get("scope", "")).split()
    return Caller(user, roles, str(claims.get("azp", "")), scopes, _actors(claims.get("act")), claims["jti"], claims)


def _decode(token: str, keys: KeySet) -> jwt.Token:
    # RFC 8725 section 3.1: neither `none` nor HMAC, whatever the header says.
    return jwt.decode(token, keys, algorithms=["ES256"])


def _actors(act: object) -> list[str]:
    """The chain of acting agents, outermost first (RFC 8693 section 4.1)."""
    return [str(act.get("sub", "")), *_actors(act.get("act"))] if isinstance(act, dict) else []
