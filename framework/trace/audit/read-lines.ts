import { type PolicyName, serviceNames } from '@lab/contract'
import { z } from 'zod'
import { type AuditEvent, eventsOfDecision } from './event.ts'
import { keycloakEvent } from './keycloak-event.ts'

const texts = z.array(z.string())

/** A line of our own journal: what it says beside these is not taken over. */
const JournalLine = z.object({
  time: z.iso.datetime(),
  trace: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  source: z.enum(['attacker', 'person', 'agent', 'model', 'mcp-server', 'idp', 'pdp', ...serviceNames]),
  action: z.string(),
  outcome: z.enum(['allow', 'deny', 'error']),
  decidedBy: z.enum(['nobody', 'service', 'opa', 'idp']).optional(),
  pattern: z.string().optional(),
  tool: z.string().optional(),
  method: z.string().optional(),
  resources: texts.optional(),
  user: z.string().optional(),
  actors: texts.optional(),
  client: z.string().optional(),
  scopes: texts.optional(),
  jti: z.string().optional(),
  acr: z.string().optional(),
  session: z.string().optional(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  status: z.int().optional(),
})

/** A line of an OPA server's decision log. */
const DecisionLine = z.object({
  msg: z.literal('Decision Log'),
  timestamp: z.iso.datetime(),
  path: z.templateLiteral(['agentauth/', z.enum(['gate', 'scope', 'relationships', 'agents']), '/decisions']),
  input: z.looseObject({}),
  result: z.array(z.object({ allow: z.boolean(), reason: z.string(), rule: z.string() })),
  request_context: z
    .object({ http: z.object({ headers: z.object({ traceparent: z.array(z.string()) }) }) })
    .optional(),
})

/** A line of Keycloak's log in JSON, as far as it is an event. */
const KeycloakLine = z.object({
  timestamp: z.iso.datetime({ offset: true }),
  loggerName: z.literal('org.keycloak.events'),
  message: z.string(),
  mdc: z.object({ traceId: z.string().optional() }),
})

/**
 * The events in a line of a log, whoever wrote it: a command's journal, Keycloak or an OPA server. Each is recognised
 * by its shape, so that all of them may come in one stream, such as that of `docker compose logs --no-log-prefix`.
 * @param nameOf the name of the user whom Keycloak knows by an id
 * @returns none for what is no event, or a decision that belongs to no trace
 */
export function eventsIn(line: string, nameOf: (sub: string) => string | undefined): AuditEvent[] {
  // Looked at before anything is parsed: decision logs get long.
  if (line.includes('"Decision Log"') && !line.includes('"traceparent"')) return []
  const value = json(line)
  const decision = DecisionLine.safeParse(value)
  if (decision.success) return eventsOfLoggedDecision(decision.data)
  const keycloak = KeycloakLine.safeParse(value)
  if (keycloak.success) return keycloakEvent(keycloak.data, nameOf)
  const own = JournalLine.safeParse(value)
  return own.success ? [own.data as unknown as AuditEvent] : []
}

function eventsOfLoggedDecision({
  timestamp,
  path,
  input,
  result,
  request_context,
}: z.infer<typeof DecisionLine>) {
  const trace = traceOf(request_context?.http.headers.traceparent[0])
  const policy = path.split('/')[1] as PolicyName
  return eventsOfDecision({ time: timestamp, ...(trace && { trace }) }, policy, input, result)
}

function traceOf(traceparent: string | undefined): string | undefined {
  return /^00-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1]
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Start-up banners and stack traces stand between the JSON lines.
    return undefined
  }
}
