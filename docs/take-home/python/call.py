import logging
import os
from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import JSONResponse

import lab
from access_token import Caller
from patterns import PATTERNS, Incoming
from refused import Refused

PATTERN = PATTERNS[os.environ["PATTERN"]]


class Call:
    """One call of one operation: who it is, what was decided, and the one record that it leaves."""

    def __init__(self, request: Request, caller: Caller, entry: dict):
        self.request, self.user = request, caller.user
        self._caller, self._entry = caller, entry

    async def permit(self, rows: list[dict]) -> list[dict]:
        """Those of the rows that the caller may act on; a refusal where that is none of them."""
        action = self._entry["action"]
        resources = [{"type": "expense", "id": str(row["id"]), "owner": row["owner"]} for row in rows]
        decisions = await PATTERN.decide(self._caller, action, resources)
        allowed = [row for row, decision in zip(rows, decisions, strict=True) if decision["allow"] is True]
        told = next((each for each in decisions if each["allow"] is True), decisions[0])
        self._entry.update(rule=told["rule"], reason=told["reason"], decidedBy=PATTERN.decided_by)
        self._entry["resources"] = [f"expense:{row['id']}" for row in allowed or rows]
        if not allowed:
            lacks = PATTERN.decided_by == "opa" and action not in self._caller.scopes
            code = "insufficient_scope" if lacks else "access_denied"
            raise Refused(403, code, f"{self.user} may not {action} here")
        self._entry["decision"] = "allow"
        return allowed

    async def write(self, path: str, change: dict, status: int):
        """A change together with its record: both, or neither."""
        body = {**change, "record": {**self._entry, "status": status}}
        return await lab.write(path, body, self.request.headers.get("traceparent"))


def operation(tool: str, action: str, work: Callable[[Call], Awaitable[tuple[int, dict, bool]]]):
    """An operation. Nobody is answered before the record is written: neither with rows nor with a refusal."""

    async def answer(request: Request) -> JSONResponse:
        trace = request.headers.get("traceparent")
        entry = {"tool": tool, "action": action, "resources": [], "decision": "deny", "decidedBy": "nobody"}
        try:
            headers = request.headers
            incoming = Incoming(headers.get("authorization"), headers.get("dpop"), request.method, request.url.path)
            caller = await PATTERN.identify(incoming)
            for name in ("user", "client", "scopes", "actors", "jti"):
                entry[name] = getattr(caller, name)
            status, body, recorded = await work(Call(request, caller, entry))
            if not recorded:
                await lab.write("/records", {**entry, "status": status}, trace)
            return JSONResponse(body, status)
        except Exception as error:
            if not isinstance(error, Refused):
                logging.exception("unexpected")
                error = Refused(500, "internal_error", "unexpected")
            entry["reason"] = entry.get("reason", error.reason)
            # What was permitted and had nothing to change stays permitted.
            if error.status != 409:
                entry["decision"] = "error" if error.status >= 500 else "deny"
            try:
                await lab.write("/records", {**entry, "status": error.status}, trace)
            except Exception:
                error = Refused(503, "audit_unavailable", "this cannot be recorded")
            # RFC 9110 section 15.5.2: a 401 names the scheme; RFC 6750 section 3.1: and what was wrong.
            challenge = {"www-authenticate": f'{PATTERN.scheme} realm="expenses", error="{error.code}"'}
            body = {"error": error.code, "reason": error.reason}
            return JSONResponse(body, error.status, challenge if error.status == 401 else None)

    return answer
