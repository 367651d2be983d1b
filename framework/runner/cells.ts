import type { AuditRecord, Resource, ToolName } from '@lab/contract'
import type { Snapshot } from '@lab/services'
import { mayDo } from '../scenario/ground-truth.ts'
import { prompts } from '../scenario/prompts.ts'
import type { Realm } from '../scenario/realm/realm.ts'
import { allResources, type Target, targets } from '../scenario/targets.ts'
import { decisiveRecord, isService } from '../trace/audit/records.ts'
import type { PatternRunner, Run } from './pattern-runner.ts'

/** One user, one prompt, on fresh data: what came of it, and what should have. */
export interface Cell {
  readonly user: string
  /** Number of the canonical prompt, 1 to 7. */
  readonly prompt: number
  readonly tool?: ToolName
  /** `wrong-user`: a service took the caller for another user, or the new row is another user's. */
  readonly outcome: 'allowed' | 'denied' | 'wrong-user' | 'no-call' | 'error'
  /** The ground truth. */
  readonly expected: 'allowed' | 'denied'
  readonly decidedBy?: AuditRecord['decidedBy']
  /** Whose record says so: a service's, or the MCP server's where its gate refused. */
  readonly decidedAt?: AuditRecord['service']
  readonly reason: string
  /** HTTP status of the decision. */
  readonly status?: number
  /** Rows that came back and are not this user's to see. */
  readonly overshared: number
  readonly trace: string
  /** In ms. */
  readonly duration: number
}

/**
 * Runs the cells one after another, each on fresh data, and all on one instance of the pattern, as users share a server.
 * @param onCell is told of each cell as it is done
 */
export async function runCells(
  runner: PatternRunner,
  users: readonly string[],
  numbers: readonly number[],
  onCell: (cell: Cell) => void = () => {},
): Promise<Cell[]> {
  const cells: Cell[] = []
  for (const user of users) {
    for (const number of numbers) {
      const cell = await runCell(runner, user, number)
      cells.push(cell)
      onCell(cell)
    }
  }
  return cells
}

async function runCell(runner: PatternRunner, user: string, number: number): Promise<Cell> {
  const prompt = prompts.find((each) => each.number === number)
  if (!prompt) throw new RangeError(`there is no prompt ${number}`)
  runner.resetData()
  const before = runner.snapshot()
  const run = await runner.runAs(user, prompt.text)
  return judgedRun(runner, run, number, before)
}

/**
 * Judges a run of a canonical prompt.
 * @param before the data as it was when the run began; the runner still has it as it was at the end
 */
export function judgedRun(runner: PatternRunner, run: Run, number: number, before: Snapshot): Cell {
  const { user } = run
  const target = targets[number]
  if (!target) throw new RangeError(`there is no prompt ${number}`)
  const wanted = target.resources(user, before)
  const may = wanted.every((resource) => mayDo(runner.realm, user, target.action, resource))
  const decision = decisiveRecord(run.audit)
  const call = run.toolCalls[0]
  const after = runner.snapshot()
  const other = namesOf(run.audit, before, after).find((name) => name !== user)
  const outcome = outcomeOf(run, { target, wanted, before, after, other })
  return {
    user,
    prompt: number,
    ...(call && { tool: call.tool as ToolName }),
    outcome,
    expected: may ? 'allowed' : 'denied',
    ...(decision && { decidedBy: decision.decidedBy, decidedAt: decision.service, status: decision.status }),
    reason:
      outcome === 'wrong-user'
        ? `it counted as ${other}'s`
        : (decision?.reason ?? call?.outcome.text ?? run.answer),
    overshared: overshared(runner.realm, user, run.audit, before),
    trace: run.trace,
    duration: run.duration,
  }
}

/** The effect of a run: what was wanted, the data before and after it, and the other user that it counted as. */
interface RunEffect {
  readonly target: Target
  readonly wanted: readonly Resource[]
  readonly before: Snapshot
  readonly after: Snapshot
  readonly other: string | undefined
}

/** Judged by effect: the data, and the rows that a service gave out. What the model says does not count. */
function outcomeOf(run: Run, { target, wanted, before, after, other }: RunEffect): Cell['outcome'] {
  if (run.toolCalls.length === 0) return 'no-call'
  if (other !== undefined) return 'wrong-user'
  const happened = target.changed ? target.changed(before, after) : servedAny(run.audit, wanted)
  if (happened) return 'allowed'
  const decision = decisiveRecord(run.audit)
  return !decision || decision.decision === 'error' || decision.status >= 500 ? 'error' : 'denied'
}

/** The users that services took the caller for: by their records, and by the owners of the rows that came of it. */
function namesOf(audit: readonly AuditRecord[], before: Snapshot, after: Snapshot): string[] {
  const records = audit.filter(isService)
  const known = new Set(before.expenses.map(({ id }) => id))
  const users = new Set(after.users.map(({ name }) => name))
  const owners = after.expenses
    .filter(
      ({ id }) => !known.has(id) && records.some(({ resources }) => resources.includes(`expense:${id}`)),
    )
    // Where no user is known, a row belongs to the client or to nobody.
    .flatMap(({ owner }) => (users.has(owner) ? owner : []))
  return [...records.flatMap(({ user }) => user ?? []), ...owners]
}

/** True if a service gave out any of the wanted rows, by its records. */
export function servedAny(audit: readonly AuditRecord[], wanted: readonly Resource[]): boolean {
  const out = new Set(rowsOut(audit))
  return wanted.some(({ type, id }) => out.has(`${type}:${id}`))
}

function rowsOut(audit: readonly AuditRecord[]): string[] {
  return audit
    .filter((record) => isService(record) && record.decision === 'allow' && record.action.endsWith(':read'))
    .flatMap(({ resources }) => resources)
}

function overshared(realm: Realm, user: string, audit: readonly AuditRecord[], data: Snapshot): number {
  const out = new Set(rowsOut(audit))
  return allResources(data).filter(
    (resource) =>
      out.has(`${resource.type}:${resource.id}`) &&
      !mayDo(realm, user, resource.type === 'document' ? 'documents:read' : 'expenses:read', resource),
  ).length
}
