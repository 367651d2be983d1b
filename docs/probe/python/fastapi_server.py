"""A FastAPI service without MCP, with PyJWT."""

import sys

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

port, issuer = int(sys.argv[1]), sys.argv[2]
keys = jwt.PyJWKClient(f"{issuer}/jwks", timeout=30)
app = FastAPI()


def refusal(status: int, error: str) -> HTTPException:
    return HTTPException(status, error, {"WWW-Authenticate": f'Bearer error="{error}"'})


def verified(credentials: HTTPAuthorizationCredentials | None = Depends(HTTPBearer(auto_error=False))):
    if credentials is None:
        raise HTTPException(401, "missing_token", {"WWW-Authenticate": "Bearer"})
    token = credentials.credentials
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise refusal(401, "invalid_token")
        claims = jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token),
            algorithms=["ES256"],
            issuer=issuer,
            audience=f"http://127.0.0.1:{port}/rows",
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise refusal(401, "invalid_token") from error
    if "read" not in claims.get("scope", "").split():
        raise refusal(403, "insufficient_scope")
    return claims


@app.get("/rows")
def rows(claims: dict = Depends(verified)):
    return {"text": f"rows of {claims['sub']}"}


uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")
