import type { SeenIdentity } from '../../trace/recorder/hop.ts'
import { fingerprint } from '../../trace/recorder/redact.ts'
import type { PatternReport } from './pattern-report.ts'

/** The one document of `pattern --json`. */
export function patternJson({ runner, cells, asked, timings, problems }: PatternReport) {
  const { idp, model, pdpKind } = runner.stack
  return {
    pattern: runner.pattern.name,
    stack: { idp: idp.kind, pdp: pdpKind, model: model.name },
    cells: cells.map(({ trace, duration, ...cell }) => ({ ...cell, trace })),
    ...(asked.length > 0 && {
      asked: asked.map(({ user, prompt, answer, toolCalls, trace }) => ({
        user,
        prompt,
        answer,
        toolCalls,
        trace,
      })),
    }),
    ...(problems.length > 0 && { problems }),
    identities: runner.identities.map(shownIdentity),
    audit: runner.audit,
    timings: {
      unit: 'ms',
      startUp: round(timings.startUp),
      run: round(timings.cells),
      cells: cells.map(({ user, prompt, duration }) => ({ user, prompt, duration: round(duration) })),
    },
  }
}

/** An identity as it may be shown: the token by its fingerprint. */
export function shownIdentity({ trace, service, identity }: SeenIdentity) {
  const { rawToken, ...known } = identity
  return { trace, service, ...known, ...(rawToken && { token: fingerprint(rawToken) }) }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
