"""An agent on the OpenAI Agents SDK, under a user's own token: the tools are those of the lab's MCP server.

Usage: MCP_URL=… TOKEN=… python openai_agent.py "What are my expenses?"
The model is any with an OpenAI-compatible API: OPENAI_BASE_URL, OPENAI_API_KEY, MODEL.
"""

import asyncio
import os
import sys

from agents import Agent, OpenAIChatCompletionsModel, RunConfig, Runner
from agents.mcp import MCPServerStreamableHttp
from openai import AsyncOpenAI


async def answer(prompt: str) -> str:
    # The token is on the transport. Neither the model nor a tool's arguments ever hold it.
    server = MCPServerStreamableHttp(
        name="lab",
        params={
            "url": os.environ["MCP_URL"],
            "headers": {"Authorization": f"Bearer {os.environ['TOKEN']}"},
        },
    )
    model = OpenAIChatCompletionsModel(
        model=os.environ["MODEL"], openai_client=AsyncOpenAI(timeout=60, max_retries=1)
    )
    async with server:
        agent = Agent(name="assistant", model=model, mcp_servers=[server])
        # Traces would go to the model's vendor, and what the tools return with them.
        config = RunConfig(tracing_disabled=True)
        # Up to eight turns: a text that the model reads cannot keep it busy for ever.
        result = await Runner.run(agent, prompt, max_turns=8, run_config=config)
    return str(result.final_output)


if __name__ == "__main__":
    print(asyncio.run(answer(sys.argv[1])))
