/**
 * The parameters by which an authorization request tells the question behind it, for the person to see. Nobody vouches
 * for them: a client can say anything. An authorization server that does not know them ignores them (RFC 6749 section
 * 3.1).
 */
export const questionParameters = {
  /** The action for which the scope is asked, in words. */
  action: 'lab_action',
  /** The time until which somebody waits for the answer, in seconds since the epoch. */
  answerBy: 'lab_answer_by',
} as const

/** The longest text of an action that is shown, in characters. */
const longestAction = 160

/** Puts the question into an authorization request. */
export function withQuestion(
  authorizationUrl: URL,
  question: { readonly action?: string | undefined; readonly answerBy: Date },
): URL {
  const url = new URL(authorizationUrl)
  if (question.action) url.searchParams.set(questionParameters.action, question.action)
  url.searchParams.set(questionParameters.answerBy, String(Math.floor(question.answerBy.getTime() / 1000)))
  return url
}

/** The question in an authorization request: what cannot be read is left out. */
export function questionIn(parameters: Readonly<Record<string, unknown>>): {
  readonly action?: string
  readonly answerBy?: Date
} {
  const action = parameters[questionParameters.action]
  const answerBy = parameters[questionParameters.answerBy]
  return {
    ...(typeof action === 'string' && action.trim() && { action: shortened(action.trim()) }),
    ...(typeof answerBy === 'string' &&
      /^\d{1,11}$/.test(answerBy) && { answerBy: new Date(Number(answerBy) * 1000) }),
  }
}

function shortened(text: string): string {
  return text.length > longestAction ? `${text.slice(0, longestAction)}…` : text
}
