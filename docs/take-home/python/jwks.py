import os
import time

import httpx
from joserfc.jwk import KeySet

import lab
from refused import Refused

KEPT, COOLDOWN = 600, 2
_keys, _fetched = KeySet([]), float("-inf")


async def key_set(renew: bool = False) -> KeySet:
    """The IdP's keys: kept for a while, and fetched again for an unknown `kid`, but not twice in a moment."""
    global _keys, _fetched
    if time.monotonic() - _fetched > (COOLDOWN if renew else KEPT):
        try:
            answer = (await lab.http.get(os.environ["JWKS_URI"])).raise_for_status()
        except httpx.HTTPError as error:  # an outage, and never a yes
            raise Refused(503, "idp_unavailable", "no keys of the IdP") from error
        _keys, _fetched = KeySet.import_key_set(answer.json()), time.monotonic()
    return _keys
