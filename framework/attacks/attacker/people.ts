import type { Wish } from '../../parties/person/played-people.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'

/** The longest wait for questions to be put, in ms. */
const patience = 20_000

/** The users, and their answers to the IdP's questions while an attack is made. */
export class People {
  readonly #runner: PatternRunner

  constructor(runner: PatternRunner) {
    this.#runner = runner
  }

  /** Does something while a user wants this, and would approve it once. */
  async wanting<T>(user: string, wish: Wish, act: () => Promise<T>): Promise<T> {
    return act().finally(this.#runner.stack.people.wants(user, [wish]))
  }

  /** Does something while a user approves whatever she is asked. */
  async weary<T>(user: string, act: () => Promise<T>): Promise<T> {
    return act().finally(this.#runner.stack.people.saysYesToAll(user))
  }

  /**
   * Does something while a user does not look, until so many of its questions were put to her or refused; then she
   * answers them.
   * @returns the greatest number that she was shown at once
   */
  async away(user: string, questions: number, act: () => Promise<unknown>): Promise<number> {
    const { people, recorder } = this.#runner.stack
    const asked = () =>
      recorder.audit.filter(({ service, action }) => service === 'idp' && action === 'approval').length
    const before = asked()
    const back = people.goesAway(user)
    const acting = act()
    for (let waited = 0; waited < patience && asked() < before + questions; waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const seen = back()
    await acting
    return seen
  }
}
