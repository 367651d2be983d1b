import { decisiveRecord } from '../../trace/audit/records.ts'
import type { Hop, Message } from '../../trace/recorder/hop.ts'
import type { SeenToken } from '../../trace/recorder/redact.ts'
import { callSteps } from '../../trace/sequence/call-steps.ts'
import { type Arrow, arrowsOf, partiesIn } from '../../trace/sequence/sequence.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import { shownIdentity } from '../cli/pattern-json.ts'
import type { Lesson, LessonRun } from '../notebook/lesson.ts'
import { isDecision, toneOf } from '../notebook/sequence-diagram.ts'
import { specLink } from '../notebook/spec-links.ts'
import { definedIn, orderedParts } from '../notebook/token-diff.ts'

export type RunView = ReturnType<typeof runView>
export type SequenceView = ReturnType<typeof sequenceView>
export type HopView = SequenceView['hops'][number]
export type ArrowView = SequenceView['arrows'][number]
export type TokenView = HopView['tokens'][number]

/** A recorded run as the page draws it: arrows, and the requests that they open. */
export function sequenceView(lesson: Lesson, { hops, cell }: Pick<LessonRun, 'hops' | 'cell'>) {
  const names = lesson.namesIn({ hops })
  const arrows = arrowsOf(callSteps(hops, names))
  const tone = toneOf(cell ? { cell } : {})
  return {
    parties: partiesIn(arrows),
    arrows: arrows.map(({ hops: behind = [], ...arrow }: Arrow) => ({
      ...arrow,
      tone: tone && isDecision(arrow) ? tone : ('' as const),
      hops: behind.map((hop) => hops.indexOf(hop)),
    })),
    hops: hops.map((hop) => hopView(hop, names)),
  }
}

function hopView(hop: Hop, names: StableNames) {
  const { from, to, method, url, request, response, tokens, duration } = hop
  return {
    from,
    to,
    method,
    url: names.text(url),
    request: messageView(request, names),
    response: { status: response.status, ...messageView(response, names) },
    tokens: tokens.map((token) => tokenView(token, names)),
    duration: Math.round(duration * 10) / 10,
  }
}

function messageView({ headers, body }: Message, names: StableNames) {
  return {
    headers: Object.entries(headers).map(([name, value]) => [name, names.text(value)] as const),
    body: names.text(body),
  }
}

function tokenView(token: SeenToken, names: StableNames) {
  const isProof = 'htm' in token.claims
  return {
    name: isProof ? 'proof' : names.token(token.fingerprint),
    kind: isProof ? ('proof' as const) : ('token' as const),
    parts: orderedParts(token, names).map(([part, value]) => {
      const spec = definedIn(part, token)
      return { part, value, spec, href: specLink(spec) ?? '' }
    }),
  }
}

/** A run when it is over: what came of it, what the services saw, and who decided. */
export function runView(lesson: Lesson, run: LessonRun) {
  const { user, prompt, trace, answer, toolCalls, audit, identities, duration, cell } = run
  const decisive = decisiveRecord(audit)
  const place = decisive?.decision === 'deny' ? lesson.runner.pattern.refusals.of(decisive) : undefined
  return {
    pattern: lesson.description.name,
    user,
    prompt,
    trace,
    answer,
    calls: toolCalls.map(({ tool, args, outcome }) => ({
      tool,
      args: JSON.stringify(args),
      status: outcome.status,
    })),
    identities: identities.map((seen) => {
      const { trace: _trace, claims: _claims, ...known } = shownIdentity(seen)
      return Object.entries(known).map(([field, value]) => [field, shown(value)] as const)
    }),
    decision: decisive
      ? {
          by: decisive.decidedBy,
          at: decisive.service,
          outcome: decisive.decision,
          reason: decisive.reason,
          status: decisive.status,
        }
      : null,
    place: place ?? null,
    cell: cell
      ? {
          outcome: cell.outcome,
          expected: cell.expected,
          reason: cell.reason,
          overshared: cell.overshared,
          sideEffects: cell.sideEffects ?? [],
        }
      : null,
    duration: Math.round(duration),
  }
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') || '(none)' : String(value)
}
