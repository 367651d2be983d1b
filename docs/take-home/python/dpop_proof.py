import hashlib
import os
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

import lab
from refused import Refused

MAX_AGE, MAX_AHEAD, CAPACITY = 60, 30, 100_000
# Proofs that were seen here, until they are too old to be accepted. One process; with more, keep them together.
_seen: dict[str, float] = {}


async def verify_proof(method: str, path: str, proof: str | None, token: str, claims: dict) -> None:
    """Verifies that the sender holds the key that the token is bound to (RFC 9449 section 4.3 and section 7.1)."""
    bound_to = claims["cnf"].get("jkt") if isinstance(claims.get("cnf"), dict) else None
    if not isinstance(bound_to, str):
        raise Refused(401, "invalid_token", "the token is bound to no key (cnf.jkt)")
    if not proof:
        raise _refusal("the token is bound to a key, and no proof came with it")
    now = await lab.now()
    try:
        # The key comes with the proof; that it is the token's, and a public EC key, is what is checked here.
        decoded = jwt.decode(proof, _embedded_key, algorithms=["ES256"])
        essential = {name: {"essential": True} for name in ("jti", "htm", "htu", "iat", "ath")}
        jwt.JWTClaimsRegistry(now=int(now), leeway=MAX_AHEAD, **essential).validate(decoded.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise _refusal(str(error)) from error

    claims, header = decoded.claims, decoded.header
    if header.get("typ") != "dpop+jwt":
        raise _refusal("typ: not a DPoP proof")
    if ECKey.import_key(header["jwk"]).thumbprint() != bound_to:
        raise _refusal("the proof was made with another key than the token is bound to")
    if claims["htm"] != method:
        raise _refusal("the proof was made for another method (htm)")
    # The base is configured: `Host` is the sender's choice.
    if _target(claims["htu"]) != _target(os.environ["BASE_URL"] + path):
        raise _refusal("the proof was made for another URL (htu)")
    ath = urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
    if claims["ath"] != ath:
        raise _refusal("the proof was made for another token (ath)")
    if now - claims["iat"] > MAX_AGE:
        raise _refusal("iat: too old")
    if len(claims["jti"]) > 256 or not _remember(f"{bound_to}.{claims['jti']}", now):
        raise _refusal("this proof was used before (jti)")


def _embedded_key(message) -> ECKey:
    jwk = message.headers().get("jwk")
    if not isinstance(jwk, dict) or jwk.get("kty") != "EC" or "d" in jwk:
        raise _refusal("the proof must carry a public key")
    return ECKey.import_key(jwk)


def _remember(key: str, now: float) -> bool:
    """Section 11.1. A cache that is full refuses: to forget a live entry would let its replay through."""
    for each in [each for each, until in _seen.items() if until < now]:
        del _seen[each]
    if key in _seen:
        return False
    if len(_seen) >= CAPACITY:
        raise Refused(503, "replay_cache_full", "too many proofs at once")
    _seen[key] = now + MAX_AGE + MAX_AHEAD + 1
    return True


def _target(url: object) -> tuple[str, str, str]:
    """A URL without query and fragment (RFC 9449 section 4.3)."""
    parts = urlsplit(str(url))
    return parts.scheme.lower(), parts.netloc.lower(), parts.path or "/"


def _refusal(reason: str) -> Refused:
    return Refused(401, "invalid_dpop_proof", reason)
