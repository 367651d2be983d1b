"""FastMCP's client signs a person in at an MCP server, and calls a tool. It prints the page that it wants opened."""

import asyncio
import sys

from fastmcp import Client
from fastmcp.client.auth import OAuth

mcp_url, callback_host, tool = sys.argv[1:]


class Headless(OAuth):
    async def redirect_handler(self, authorization_url: str) -> None:
        print("open", authorization_url, flush=True)


async def main() -> None:
    sign_in = Headless(client_id="agent-app", callback_host=callback_host)
    async with Client(mcp_url, auth=sign_in) as client:
        print("called", (await client.call_tool(tool)).content[0].text, flush=True)


asyncio.run(main())
