import { randomUUID } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import type { BackchannelAuthenticationRequest, KoaContextWithOIDC } from 'oidc-provider'
import { AccessDenied, ExpiredToken, InvalidRequest } from 'oidc-provider/lib/helpers/errors.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { type IdpAudit, record } from '../audit.ts'
import type { LiveRealm } from '../live-realm.ts'
import { subjectVerifier } from '../subject-token.ts'
import { actionIn, actionInShort } from './action-in.ts'
import { type Answer, type Question, Questions, type TellPerson, waitingAtMost } from './questions.ts'

export const approvalPath = '/approve/'

/** The longest that a question waits for its answer, in seconds. */
export const waitsAtMost = 120

/** The time after that in which a client may come for the answer, in seconds. */
export const keptAfter = 60

/** The questions of this IdP, and what came of each: every one is recorded as asked, and as answered or not. */
export class Approvals {
  readonly questions: Questions
  readonly #realm: LiveRealm
  readonly #audit: IdpAudit
  readonly #keys: JSONWebKeySet
  readonly #asking = new Map<string, Asking>()

  constructor(options: {
    readonly realm: LiveRealm
    readonly audit: IdpAudit
    readonly issuer: string
    /** The IdP's public keys, by which it knows its own tokens. */
    readonly keys: JSONWebKeySet
    readonly tell: TellPerson
  }) {
    const { realm, audit, issuer, keys, tell } = options
    this.#realm = realm
    this.#audit = audit
    this.#keys = keys
    this.questions = new Questions(
      (question) => tell({ ...question, url: `${issuer}${approvalPath}${question.id}` }),
      (question) => this.#timedOut(question),
    )
  }

  /**
   * Finds the person to ask by a token of her session with the client: whoever has the client's secret alone asks nobody.
   * @throws {InvalidRequest} for a token that does not hold, or that was given to somebody else
   */
  async personOf(ctx: KoaContextWithOIDC, token: string): Promise<string> {
    const verify = subjectVerifier(ctx.oidc.provider as unknown as Provider, this.#realm, this.#keys)
    const { sub, aud = [] } = await verify(token)
    if (![aud].flat().includes(ctx.oidc.client?.clientId ?? '')) throw new InvalidRequest('Invalid token')
    return sub
  }

  /** Puts a question to its person. @throws {AccessDenied} where too many wait for her already */
  async ask(ctx: KoaContextWithOIDC, request: BackchannelAuthenticationRequest): Promise<void> {
    const { params } = ctx.oidc
    const provider = ctx.oidc.provider as unknown as Provider
    const seconds = Math.min(Number(params?.requested_expiry ?? waitsAtMost), waitsAtMost)
    const user = this.#realm.userBySub(request.accountId ?? '')
    const action = actionIn(String(params?.authorization_details ?? ''))
    if (!user || !action) throw new InvalidRequest('authorization_details of one action are missing')
    const question: Question = {
      id: randomUUID(),
      username: user.username,
      client: request.clientId ?? '',
      action,
      message: String(params?.binding_message ?? ''),
      expiresAt: new Date(Date.now() + seconds * 1000),
      traceparent: ctx.get('traceparent'),
    }
    if (this.questions.waiting(user.username) >= waitingAtMost) {
      await request.destroy()
      throw new AccessDenied(`${waitingAtMost} questions wait for the user already`)
    }
    // First: a question that cannot be recorded is not asked.
    this.record(question, 'allow', 'asked the user')
    this.#asking.set(question.id, { request, provider })
    this.questions.add(question)
    Object.assign(ctx.body as object, { interval: 1, expires_in: seconds })
  }

  /**
   * Takes a person's answer, once. It is recorded before it counts.
   * @returns false where there was one already
   */
  async answer(question: Question, answer: Answer): Promise<boolean> {
    const asking = this.#asking.get(question.id)
    if (!asking) return false
    this.record(question, answer === 'yes' ? 'allow' : 'deny', `the user said ${answer}`)
    this.#asking.delete(question.id)
    const { request, provider } = asking
    const result = answer === 'yes' ? await grantOf(provider, request) : new AccessDenied()
    if (answer === 'no') Object.assign(request, { errorDescription: 'the user said no' })
    const authTime = Math.floor(Date.now() / 1000)
    await provider.backchannelResult(request, result, { authTime, rar: [{ ...question.action }] })
    this.questions.close(question)
    return true
  }

  /** Holds a token request back until its question is over or some seconds have passed (CIBA Core 1.0 section 7.3). */
  async settled(authReqId: string): Promise<void> {
    const found = [...this.#asking].find(([, { request }]) => request.jti === authReqId)
    if (!found) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, holdsAtMost).unref()
      void this.questions.ended(found[0]).then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Records what became of a question, under the trace of the request that asked it. */
  record(question: Question, decision: 'allow' | 'deny', reason: string, user = question.username): void {
    const { action } = question
    record(this.#audit, question.traceparent, {
      action: 'approval',
      client: question.client,
      user,
      resources: [`tool:${action.tool}`],
      decision,
      reason: `${reason}: ${actionInShort(action)}`,
      status: decision === 'allow' ? 200 : 403,
    })
  }

  close(): void {
    this.questions.closeAll()
    this.#asking.clear()
  }

  /** The client that asks is told, too: its request outlives the question. */
  async #timedOut(question: Question): Promise<void> {
    const asking = this.#asking.get(question.id)
    if (!asking) return
    this.#asking.delete(question.id)
    this.record(question, 'deny', 'no answer in time')
    const { request, provider } = asking
    Object.assign(request, { errorDescription: 'no answer in time' })
    await provider.backchannelResult(request, new ExpiredToken('no answer in time'))
  }
}

interface Asking {
  readonly request: BackchannelAuthenticationRequest
  readonly provider: Provider
}

/** In ms; less than a client waits for an answer. */
const holdsAtMost = 5_000

async function grantOf(
  provider: Provider,
  { accountId, clientId, scope, resource }: BackchannelAuthenticationRequest,
) {
  const grant = new provider.Grant({ accountId: accountId ?? '', clientId: clientId ?? '' })
  grant.addOIDCScope('openid')
  for (const each of [resource ?? []].flat()) grant.addResourceScope(each, scope ?? '')
  await grant.save()
  return grant
}
