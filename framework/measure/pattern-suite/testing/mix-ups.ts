import type { PatternRunner, Run } from '../../../runner/pattern-runner.ts'

/** The runs of one user that are under way at a time, beside as many of each other user. */
const ofEachUser = 4

/**
 * The runs of users at the same time that hold something of another user, or of nobody: one line for each. First each
 * run has to sign in, then all go on with a session.
 *
 * Twelve runs at a time, twice, notice what three at a time need many rounds for: a pattern that keeps the user in a
 * variable for one turn of the event loop was noticed by 53 of 60 rounds of three, and by each of 80 rounds of twelve.
 * @param knowsUsers true where the services know who the user is
 */
export async function mixUps(
  runner: PatternRunner,
  users: readonly string[],
  knowsUsers: boolean,
): Promise<string[]> {
  const found: string[] = []
  runner.stack.sessions.forget()
  for (const sessions of ['new', 'known']) {
    runner.resetData()
    const asking = Array.from({ length: ofEachUser }, () => users).flat()
    const runs = await Promise.all(asking.map((user) => runner.runAs(user, 'What are my expenses?')))
    found.push(...runs.flatMap((run) => mixUp(run, knowsUsers) ?? []).map((line) => `${sessions}: ${line}`))
  }
  return found
}

function mixUp({ user, identities, toolCalls }: Run, knowsUsers: boolean): string | undefined {
  const seen = identities.map(({ identity }) => identity.userId ?? 'nobody')
  const owners = toolCalls.flatMap(({ outcome: { status, text } }) =>
    status === 200 ? (JSON.parse(text) as { expenses: { owner: string }[] }).expenses : [{ owner: 'unread' }],
  )
  const strangers = owners.map(({ owner }) => owner).filter((owner) => knowsUsers && owner !== user)
  const right = seen.length === 1 && seen[0] === (knowsUsers ? user : 'nobody')
  if (right && owners.length > 0 && strangers.length === 0) return
  return `${user} was seen as ${seen.join(', ')}, and read rows of ${owners.map(({ owner }) => owner).join(', ')}`
}
