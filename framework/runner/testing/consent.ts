import { person } from '../../parties/idp/testing/person.ts'
import { PatternRunner } from '../pattern-runner.ts'
import type { StackOptions } from '../stack.ts'

/** The person who answers the agent's question, and the answer; `nobody` lets it time out. */
export type Answer = { readonly username: string; readonly answer: 'allow' | 'refuse' } | 'nobody'

/** For tests: a pattern whose agent asks, and the people who answer it, one after another. */
export async function startAgentThatAsks(
  answers: readonly Answer[],
  which = 'p06',
  options: StackOptions = {},
) {
  /** The pages on which people were asked, with their texts. */
  const asked: URL[] = []
  const questions: string[] = []
  const runner = await new PatternRunner(which, {
    ...options,
    consent: {
      timeout: answers.includes('nobody') ? 300 : 100_000,
      tell(_username, authorizationUrl) {
        const answer = answers[asked.push(authorizationUrl) - 1] ?? 'nobody'
        if (answer === 'nobody') return
        const redirectUri = authorizationUrl.searchParams.get('redirect_uri') ?? ''
        const answering = person({ ...answer, redirectUri, onQuestion: (html) => questions.push(html) })
        void answering(authorizationUrl).then((callback) => fetch(callback))
      },
    },
  }).start()
  return { runner, asked, questions }
}
