import { visible } from '@lab/contract'
import { pc } from '../../process/colours.ts'
import { columns, count } from '../../process/terminal.ts'
import type { Cell } from '../../runner/cells.ts'
import type { Run } from '../../runner/pattern-runner.ts'
import { prompts } from '../../scenario/prompts.ts'
import { oneCall } from './one-call.ts'
import { problemLines } from './own-folder/problems.ts'
import { stillAllows } from './own-folder/still-allows.ts'
import type { PatternReport, PatternRequest } from './pattern-report.ts'
import { shownParts } from './shown-parts.ts'
import { misses, nextPattern } from './still-wrong.ts'
import { whatTheServiceSaw } from './what-the-service-saw.ts'

/** The readable form of a `pattern` command's result. */
export async function patternText(
  report: PatternReport,
  request: Pick<PatternRequest, 'show' | 'timings'>,
): Promise<string> {
  const { description, runner, cells, asked, timings, problems } = report
  const { idp, model, pdpKind } = runner.stack
  const modelNote = model.scripted
    ? 'model scripted (it does what it is asked; no AI is at work)'
    : `model ${model.name}`
  const next = await nextPattern(description.name)
  const firstTrace = [...cells, ...asked][0]?.trace
  return [
    pc.bold(`${description.name}: ${description.mcpAuth.title}`),
    pc.dim(`idp ${idp.kind} · pdp ${pdpKind} · ${modelNote}`),
    description.mcpAuth.summary,
    description.serviceAuth.summary,
    ...(problems.length > 0 ? ['', ...problemLines(problems)] : []),
    ...(asked.length > 0 ? asked.flatMap(askedLines) : cellLines(cells)),
    '',
    pc.bold('How the first call travelled'),
    ...oneCall(runner.hops.filter(({ trace }) => trace === firstTrace)),
    '',
    pc.bold('What the service saw'),
    ...whatTheServiceSaw(report),
    '',
    pc.bold('What is still wrong here'),
    ...misses(cells),
    ...(await stillAllows(description, report.which)),
    ...(next ? [`Closed by ${next}: pnpm run diff ${description.name.slice(0, 3)} ${next.slice(0, 3)}`] : []),
    ...(await shownParts(report, request.show)),
    ...(request.timings ? ['', ...timingLines(cells, timings)] : []),
  ]
    .join('\n')
    .trimEnd()
}

function cellLines(cells: readonly Cell[]): string[] {
  const rows = cells.map((cell) => [
    cell.user,
    `${cell.prompt} ${prompts.find(({ number }) => number === cell.prompt)?.text}`,
    cell.tool ?? '–',
    cell.outcome,
    String(cell.status ?? '–'),
    isRight(cell) ? '✓' : `✗ should be ${cell.expected}`,
    cell.decidedBy === 'opa' && cell.decidedAt === 'mcp-server' ? 'opa, gate' : (cell.decidedBy ?? '–'),
    cell.overshared > 0 ? `${cell.reason}; ${count(cell.overshared, 'row')} too many` : cell.reason,
  ])
  const lines = columns([['user', 'prompt', 'tool', 'outcome', 'http', 'truth', 'by', 'why'], ...rows], paint)
  const grouped = lines.flatMap((line, at) =>
    at > 0 && cells[at - 1]?.prompt === cells[0]?.prompt ? ['', line] : [line],
  )
  const allowed = cells.filter(({ outcome }) => outcome === 'allowed').length
  const right = cells.filter(isRight).length
  const sum = `${allowed} of ${cells.length} allowed; ${right} of ${cells.length} match the ground truth.`
  return ['', ...grouped, '', pc.bold(sum)]
}

function isRight(cell: Cell): boolean {
  return cell.outcome === cell.expected
}

function paint(cell: string, column: number, row: number): string {
  if (row === 0) return pc.dim(cell)
  if (column === 3)
    return cell.startsWith('allowed')
      ? pc.green(cell)
      : cell.startsWith('error')
        ? pc.red(cell)
        : pc.yellow(cell)
  if (column === 5) return cell.startsWith('✓') ? pc.green(cell) : pc.red(cell)
  return column === 7 ? pc.dim(cell) : cell
}

function askedLines({ user, prompt, answer, toolCalls }: Run): string[] {
  return [
    '',
    `${pc.bold(user)} ${visible(prompt)}`,
    ...toolCalls.map(({ tool, args, outcome }) => {
      const mark = outcome.isError
        ? pc.yellow(`${outcome.status ?? ''} ${outcome.code ?? 'failed'}`.trim())
        : pc.green('ok')
      return `  ${visible(tool)}(${visible(JSON.stringify(args))}) ${mark}`
    }),
    ...answer.split('\n').map((line) => `  ${visible(line)}`),
  ]
}

function timingLines(cells: readonly Cell[], timings: PatternReport['timings']): string[] {
  return [
    pc.bold('Timings (ms)'),
    `start-up ${timings.startUp.toFixed(0)}, run ${timings.cells.toFixed(0)}`,
    ...cells.map(({ user, prompt, duration }) => `  ${user} ${prompt}  ${duration.toFixed(1)}`),
  ]
}
