export interface Finding {
  readonly what: string
  /** `off`: absent, and the embedded default does without it. */
  readonly state: 'good' | 'off' | 'bad'
  readonly detail: string
  readonly remedy?: string
}

/**
 * Looks at one thing.
 * @param look gives what was found, or throws what is wrong
 * @param remedy what to do then; default: the error says that itself
 */
export async function attempt(what: string, look: () => Promise<string>, remedy?: string): Promise<Finding> {
  try {
    return { what, state: 'good', detail: await look() }
  } catch (error) {
    const { message } = error as Error
    return remedy
      ? { what, state: 'bad', detail: message, remedy }
      : { what, state: 'bad', detail: 'cannot be used as it is', remedy: message }
  }
}
