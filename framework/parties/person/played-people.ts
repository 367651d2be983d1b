import { argumentText } from '@lab/contract'
import type { Question, TellPerson } from '../idp/approvals/questions.ts'
import { formsIn, hiddenFields } from '../sign-in/login-form.ts'

/** A tool call that a person wants: she asked for it in her own words. */
export interface Wish {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

/**
 * The users, played by the program: each approves what she asked for, once, and nothing else. She signs in at the IdP's
 * page and answers there, as anybody would.
 */
export class PlayedPeople {
  readonly #wishes: (Wish & { readonly username: string })[] = []
  readonly #weary = new Set<string>()
  readonly #away = new Map<string, Parameters<TellPerson>[0][]>()
  readonly #passwordOf: (username: string) => string
  readonly #fetch: typeof fetch

  /** @param fetch that of the persons' browsers */
  constructor(passwordOf: (username: string) => string, fetch: typeof globalThis.fetch) {
    this.#passwordOf = passwordOf
    this.#fetch = fetch
  }

  /** A person asks for something. @returns ends it: what she has not been asked about by then she does not want any more */
  wants(username: string, wishes: readonly Wish[]): () => void {
    const own = wishes.map((wish) => ({ ...wish, username }))
    this.#wishes.push(...own)
    return () => {
      for (const wish of own) this.#forget(wish)
    }
  }

  /** A person approves whatever she is asked. @returns ends it */
  saysYesToAll(username: string): () => void {
    this.#weary.add(username)
    return () => this.#weary.delete(username)
  }

  /** A person looks at no question. @returns has her answer them; gives how many she was shown at once, at most */
  goesAway(username: string): () => number {
    const missed: Parameters<TellPerson>[0][] = []
    this.#away.set(username, missed)
    return () => {
      this.#away.delete(username)
      const { length } = missed
      for (const question of missed) this.tell(question)
      return length
    }
  }

  readonly tell: TellPerson = (question) => {
    const missed = this.#away.get(question.username)
    if (missed) {
      missed.push(question)
      return
    }
    // An IdP that is gone by now gets no answer, and nobody waits for it.
    this.#answer(question).catch(() => {})
  }

  async #answer(question: Parameters<TellPerson>[0]): Promise<void> {
    const { username, url } = question
    const answer = this.#approves(question) ? 'approve' : 'refuse'
    const html = await this.#send(question, { username, password: this.#passwordOf(username) })
    const [form] = formsIn(html, new URL(url))
    const ticket = form && hiddenFields(form).get('ticket')
    if (ticket) await this.#send(question, { ticket, answer })
  }

  /** True for what she asked for. A wish is good for one yes. */
  #approves({ username, action }: Question): boolean {
    if (this.#weary.has(username)) return true
    const wish = this.#wishes.find((each) => each.username === username && isThis(each, action))
    if (wish) this.#forget(wish)
    return wish !== undefined
  }

  #forget(wish: Wish & { readonly username: string }): void {
    const at = this.#wishes.indexOf(wish)
    if (at >= 0) this.#wishes.splice(at, 1)
  }

  async #send(
    { url, traceparent }: Parameters<TellPerson>[0],
    fields: Record<string, string>,
  ): Promise<string> {
    const response = await this.#fetch(url, {
      method: 'POST',
      headers: { ...(traceparent && { traceparent }) },
      body: new URLSearchParams(fields),
    })
    return response.text()
  }
}

function isThis({ tool, args }: Wish, action: Question['action']): boolean {
  const names = new Set([...Object.keys(args), ...Object.keys(action.arguments)])
  return (
    tool === action.tool &&
    [...names].every((name) => argumentText(args[name]) === argumentText(action.arguments[name]))
  )
}
