import type { ServiceName } from '@lab/contract'
import type { Effect } from '../../attacks/attacker/effect.ts'

/** A rung of the ladder by its number. */
type Rung = `p${number}`

interface LabBase {
  readonly rung: Rung
  /** A few words, as a headline has them. */
  readonly title: string
  /** The minutes that it takes somebody who meets it for the first time. */
  readonly minutes: number
}

/** The learner writes `attack.ts`, and has reached the goal when data and records say so. */
export interface AttackLab extends LabBase {
  readonly kind: 'attack'
  /** The goal in one line, as a state: `dave is an admin, and no record names who did it`. */
  readonly goal: string
  /** The parts of the kit that this attacker has. */
  readonly has: readonly (keyof KitParts)[]
  /** The user behind the chat window, where the attacker has one. */
  readonly chatsAs?: string
  /** The run of a victim that the attacker saw on the wire to a service. */
  readonly captures?: { readonly user: string; readonly prompt: string }
  /** The victim's next run, after the attacker has acted. */
  readonly afterwards?: { readonly user: string; readonly prompt: string }
  /** Hours between what the attacker found and the attack. */
  readonly hoursLater?: number
  /** True if the goal is reached: judged by what changed, what was served, and who the records say it was. */
  reached(effect: Effect): boolean
  /** Wrong answers, by the name of their folder in `wrong/`: a part of the line that the learner then reads. */
  readonly wrong: Readonly<Record<string, string>>
}

/** The learner repairs a pattern with one weakness. */
export interface FixLab extends LabBase {
  readonly kind: 'fix'
  /** The attack that has to be blocked. */
  readonly block: string
  /** The rung whose declared cells and attacks are the measure: nothing may be worse. Its folder is the solution. */
  readonly measure: Rung
  /** Wrong fixes, by the name of their folder in `wrong/`: the check that finds each out, an attack or a cell (`bob 2`). */
  readonly wrong: Readonly<Record<string, string>>
}

/** The learner answers questions, and the runs judge the answers. */
export interface ExplainLab extends LabBase {
  readonly kind: 'explain'
  readonly questions: readonly [Question, Question, Question]
}

export type Lab = AttackLab | FixLab | ExplainLab

/** A question whose answer is the outcome of a run. No answer stands in it. */
export type Question = { readonly ask: string } & (
  | { readonly attack: string; readonly on: Rung }
  | { readonly cell: `${string} ${number}`; readonly on: Rung }
  | { readonly firstToBlock: string }
)

/** Everything that an attacker of some lab has. */
export interface KitParts {
  /** Sends a request to a service. */
  send(service: ServiceName, request: ServiceRequest): Promise<Answer>
  /** A request to a service as it was seen on the wire, unredacted. */
  captured: CapturedRequest
  /** Writes into the agent's chat window. @returns what the agent answers */
  ask(prompt: string): Promise<string>
  /** Puts a document where everybody's searches find it. */
  plant(text: string): void
  /** The attacker's own OAuth client, and the token of a user who signed in to it. */
  client: OwnClient
  /** For what the other parts cannot send. The effect of its requests counts. */
  fetch: typeof fetch
}

/** The kit of one attacker: the parts that the lab names. */
export type Kit<Part extends keyof KitParts> = Pick<KitParts, Part>

interface ServiceRequest {
  readonly method: string
  /** Path and query: `/expenses?owner=bob`. */
  readonly path: string
  /** One without a value is not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Is sent as JSON. */
  readonly body?: unknown
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface CapturedRequest extends ServiceRequest {
  readonly service: ServiceName
  readonly headers: Readonly<Record<string, string>>
}

export interface OwnClient {
  readonly id: string
  readonly secret: string
  readonly tokenEndpoint: string
  /** The access token of a user who signed in to this client. */
  readonly userToken: string
}
