"""An agent on LangGraph, under a user's own token: the tools are those of the lab's MCP server.

Usage: MCP_URL=… TOKEN=… python langgraph_agent.py "What are my expenses?"
The model is any with an OpenAI-compatible API: OPENAI_BASE_URL, OPENAI_API_KEY, MODEL.
"""

import asyncio
import os
import sys

from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition


async def answer(prompt: str) -> str:
    # The token is on the transport. Neither the model nor a tool's arguments ever hold it.
    client = MultiServerMCPClient(
        {
            "lab": {
                "transport": "streamable_http",
                "url": os.environ["MCP_URL"],
                "headers": {"Authorization": f"Bearer {os.environ['TOKEN']}"},
            }
        }
    )
    tools = await client.get_tools()
    # Up to eight turns: a text that the model reads cannot keep it busy for ever.
    model = ChatOpenAI(model=os.environ["MODEL"], timeout=60, max_retries=1).bind_tools(tools)

    async def think(state: MessagesState):
        return {"messages": [await model.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("model", think)
    # A refusal is a result that the model reads, and no crash.
    graph.add_node("tools", ToolNode(tools, handle_tool_errors=True))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", tools_condition, {"tools": "tools", END: END})
    graph.add_edge("tools", "model")
    state = await graph.compile().ainvoke({"messages": [("user", prompt)]}, {"recursion_limit": 16})
    return str(state["messages"][-1].content)


if __name__ == "__main__":
    print(asyncio.run(answer(sys.argv[1])))
