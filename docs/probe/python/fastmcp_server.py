"""FastMCP with its JWT verifier and a remote authorization server, as its documentation says."""

import sys

from fastmcp import FastMCP
from fastmcp.server.auth import RemoteAuthProvider
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.dependencies import get_access_token

port, issuer = int(sys.argv[1]), sys.argv[2]
url = f"http://127.0.0.1:{port}"

verifier = JWTVerifier(
    jwks_uri=f"{issuer}/jwks",
    issuer=issuer,
    audience=f"{url}/mcp",
    algorithm="ES256",
    required_scopes=["read"],
)
mcp = FastMCP(
    "rows",
    auth=RemoteAuthProvider(token_verifier=verifier, authorization_servers=[issuer], base_url=url),
)


@mcp.tool
def rows() -> str:
    """The caller's rows."""
    return f"rows of {get_access_token().claims['sub']}"


mcp.run(transport="http", host="127.0.0.1", port=port, show_banner=False, log_level="ERROR")
