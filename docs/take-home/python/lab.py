"""What a company has behind a service: database, log, clock, users, OPA. Here all of it is the lab's."""

import os

import httpx

from refused import Refused

LAB_URL = os.environ["LAB_URL"]
OPA_URL = os.environ.get("OPA_URL", LAB_URL)
# A proxy from the environment has no business on the way to these.
http = httpx.AsyncClient(timeout=5, trust_env=False)


async def now() -> float:
    """In seconds. The attacks move this clock; in your service it is `time.time()`."""
    return (await http.get(f"{LAB_URL}/clock")).json()["now"] / 1000


async def user_of(sub: str) -> str | None:
    answer = await http.get(f"{LAB_URL}/users/{sub}")
    return answer.json()["name"] if answer.is_success else None


async def expenses_of(owner: str) -> list[dict]:
    return (await http.get(f"{LAB_URL}/expenses", params={"owner": owner})).json()


async def expense(number: int) -> dict | None:
    answer = await http.get(f"{LAB_URL}/expenses/{number}")
    return answer.json() if answer.is_success else None


async def write(path: str, body: dict, traceparent: str | None) -> httpx.Response:
    """Writes to the database or the log, under the caller's trace (W3C Trace Context). A 409 says: done already."""
    headers = {"traceparent": traceparent} if traceparent else {}
    answer = await http.post(LAB_URL + path, json=body, headers=headers)
    if not answer.is_success and answer.status_code != 409:
        raise Refused(503, "audit_unavailable", "this cannot be recorded")
    return answer


def opa(policy: str):
    """OPA's REST API. Without one decision for each resource nothing is allowed."""

    async def decide(caller, action: str, resources: list[dict]) -> list[dict]:
        subject = {"user": caller.user, "roles": caller.roles}
        known = {"client": caller.client, "actors": caller.actors, "scopes": caller.scopes}
        asked = {"subject": subject, **known, "action": action, "resources": resources}
        answer = await http.post(f"{OPA_URL}/v1/data/agentauth/{policy}/decisions", json={"input": asked})
        decisions = answer.json().get("result", []) if answer.is_success else []
        if len(decisions) != len(resources):
            raise Refused(503, "pdp_unavailable", "OPA gives no decision")
        return decisions

    return decide
