/** One of the things that the canonical prompts are after: as a prompt, and as the tool call it amounts to. */
export interface Task {
  /** Number of the canonical prompt. */
  readonly number: number
  readonly prompt: string
  readonly tool: string
  readonly args: Readonly<Record<string, string | number>>
}

/** Somebody else's MCP client, which does a task as one user. What came of it is judged elsewhere, by effect. */
export interface ForeignClient {
  readonly name: string
  /**
   * @param token the user's access token; undefined where the pattern asks for none
   * @throws where the client does: a refusal is an error for some and an answer for others
   */
  perform(task: Task, mcpUrl: string, token: string | undefined): Promise<void>
}

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
