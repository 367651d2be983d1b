import type { AuditRecord } from '@lab/contract'
import { isService } from '../../../trace/audit/records.ts'
import { evidenceOf, type Observations } from '../observations.ts'
import type { FourQuestions } from '../row.ts'
import { rightUserEveryTime } from './audit-trail.ts'

/** The four questions that the services' records can answer: who, through which agent, under whose authority, who decided. */
export function fourQuestions(observations: Observations): FourQuestions {
  const { honest } = observations
  const every = (answered: (record: AuditRecord) => boolean) =>
    honest.length > 0 && honest.every(({ record }) => answered(record))
  return {
    who: rightUserEveryTime(observations),
    agent: every((record) => agentOf(record) !== undefined) && tellsAgentsApart(observations),
    // The user and the agent that acts for her stand apart, and the grant can be looked up by its id.
    authority: every(({ user, actors = [], jti }) => Boolean(user && actors.length > 0 && jti)),
    decision: every(({ decidedBy }) => decidedBy === 'service' || decidedBy === 'opa'),
  }
}

/** A name that another agent's request is recorded under as well says nothing. */
function tellsAgentsApart(observations: Observations): boolean {
  const names = new Set(observations.honest.map(({ record }) => agentOf(record)))
  const rogues = evidenceOf(observations, 'unattributed-agent').records.filter(isService)
  return !rogues.some((record) => names.has(agentOf(record)))
}

function agentOf({ actors, client }: AuditRecord): string | undefined {
  return actors?.[0] ?? client
}
