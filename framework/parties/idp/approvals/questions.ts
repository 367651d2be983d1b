import type { ActionDetails } from '@lab/contract'

/** The action that a client wants a person to approve, and the time until which the answer counts. */
export interface Question {
  /** Names it in its address; nobody can guess it. */
  readonly id: string
  readonly username: string
  readonly client: string
  readonly action: ActionDetails
  /** The client's words for it, to tell it from others (CIBA Core 1.0 section 7.1, `binding_message`). */
  readonly message: string
  readonly expiresAt: Date
  /** W3C Trace Context header value of the request that asked. */
  readonly traceparent: string | undefined
}

/** Tells a person that a question waits for her, such as a message on her telephone. */
export type TellPerson = (question: Question & { readonly url: string }) => void

export type Answer = 'yes' | 'no'

/** The number of one user's questions that may wait; of more the newest is refused. */
export const waitingAtMost = 10

interface Waiting {
  readonly question: Question
  /** Settled by the answer, whoever waits for it. */
  readonly answered: Promise<void>
  readonly settle: () => void
  readonly timer: NodeJS.Timeout
}

/**
 * Questions that wait for their answers. A person sees one at a time, the oldest, so that none is answered in passing; how
 * many wait for her is bounded.
 */
export class Questions {
  readonly #waiting = new Map<string, Waiting>()
  readonly #tell: (question: Question) => void
  readonly #onTimeOut: (question: Question) => Promise<void>

  /**
   * @param tell is told when it is a question's turn
   * @param onTimeOut is told of a question that got no answer in its time
   */
  constructor(tell: (question: Question) => void, onTimeOut: (question: Question) => Promise<void>) {
    this.#tell = tell
    this.#onTimeOut = onTimeOut
  }

  /** Has a question wait for its turn. */
  add(question: Question): void {
    const before = this.#of(question.username)
    const { promise, resolve } = withResolvers()
    const timer = setTimeout(() => this.#timeOut(question), question.expiresAt.getTime() - Date.now())
    timer.unref()
    this.#waiting.set(question.id, { question, answered: promise, settle: resolve, timer })
    if (before.length === 0) this.#tell(question)
  }

  /** The number of questions that wait for a person. */
  waiting(username: string): number {
    return this.#of(username).length
  }

  /** The question whose turn it is, by its id: neither one that waits behind it nor one that is over. */
  open(id: string): Question | undefined {
    const question = this.#waiting.get(id)?.question
    const [first] = question ? this.#of(question.username) : []
    return first === question ? question : undefined
  }

  /** Takes a question away, because it is answered or over: then it is the next one's turn. */
  close({ id, username }: Question): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    clearTimeout(waiting.timer)
    const wasFirst = this.open(id) !== undefined
    this.#waiting.delete(id)
    waiting.settle()
    const [next] = this.#of(username)
    if (wasFirst && next) this.#tell(next)
  }

  /** Waits for the end of a question; at once where there is none. */
  async ended(id: string): Promise<void> {
    await this.#waiting.get(id)?.answered
  }

  /** Gives all of them up. */
  closeAll(): void {
    for (const { timer, settle } of this.#waiting.values()) {
      clearTimeout(timer)
      settle()
    }
    this.#waiting.clear()
  }

  /** Whatever goes wrong with telling it: the question is over. */
  async #timeOut(question: Question): Promise<void> {
    await this.#onTimeOut(question).catch(() => {})
    this.close(question)
  }

  #of(username: string): Question[] {
    return [...this.#waiting.values()]
      .map(({ question }) => question)
      .filter((each) => each.username === username)
  }
}

function withResolvers() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
