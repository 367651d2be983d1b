import type { Recorder } from '../../trace/recorder/recorder.ts'

/**
 * Keeps services and MCP server from reaching the IdP while something is done.
 * @returns how many of their requests for its keys got lost
 */
export async function withoutIdp(recorder: Recorder, action: () => Promise<unknown>): Promise<number> {
  let lost = 0
  const release = recorder.intercept(({ from, to, method }) => {
    const isLost = to === 'idp' && from !== 'attacker' && from !== 'agent'
    if (isLost && method === 'GET') lost++
    return isLost
  })
  try {
    await action()
  } finally {
    release()
  }
  return lost
}
