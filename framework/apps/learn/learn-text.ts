import { pc } from '../../process/colours.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { count } from '../../process/terminal.ts'
import type { Finding } from './finding.ts'
import type { Lab } from './lab.ts'
import type { LoadedLab } from './load-labs.ts'
import type { AllProgress } from './progress.ts'

/** All labs with their state, a line for each rung, and what is next. */
export function overview(
  labs: readonly LoadedLab[],
  progress: AllProgress,
  titles: ReadonlyMap<string, string>,
) {
  const solved = labs.filter(({ id }) => progress[id]?.solved).length
  const rungs = [...new Set(labs.map(({ lab }) => lab.rung))]
  const width = Math.max(...[...titles.values()].map((title) => title.length))
  const lines = rungs.map((rung) => {
    const states = labs.filter(({ lab }) => lab.rung === rung).map((each) => stateOf(each, progress))
    return `${pc.bold(rung)}  ${(titles.get(rung) ?? '').padEnd(width)}  ${states.join('  ')}`
  })
  const next = nextLab(labs, progress)
  return [
    pc.bold('Attack it, fix it, explain it'),
    ...lines,
    '',
    `${solved} of ${count(labs.length, 'lab')} solved.`,
    next
      ? `Next: ${pc.bold(howTo(`learn ${next.lab.rung}`))}  ${kinds[next.lab.kind]}: ${next.lab.title}, about ${next.lab.minutes} minutes`
      : `All of them. Now the wire alone: ${pc.bold(howTo('learn mystery'))}`,
  ].join('\n')
}

/** The first lab that is not solved. */
export function nextLab(labs: readonly LoadedLab[], progress: AllProgress): LoadedLab | undefined {
  return labs.find(({ id }) => !progress[id]?.solved)
}

const kinds = { attack: 'attack', fix: 'fix', explain: 'questions' } as const

function stateOf({ id, lab }: LoadedLab, progress: AllProgress): string {
  const entry = progress[id]
  if (entry?.solved) return pc.green(`✓ ${kinds[lab.kind]}`)
  return entry ? `… ${kinds[lab.kind]}` : `· ${kinds[lab.kind]}`
}

/** The head of a lab: which it is, what is asked, and by what it is solved. */
export function opening({ lab, task }: LoadedLab): string {
  const head = `${lab.rung} · ${kinds[lab.kind]} · ${lab.title}`
  return [pc.bold(head), pc.dim(`about ${lab.minutes} minutes`), '', task, '', ...goalOf(lab)].join('\n')
}

function goalOf(lab: Lab): string[] {
  if (lab.kind === 'attack') return [`${pc.bold('Goal:')} ${lab.goal}.`]
  if (lab.kind === 'explain') return []
  return [
    `${pc.bold('Goal:')} ${lab.block} is blocked, every honest prompt ends as on ${lab.measure}, and no other attack does better.`,
  ]
}

/** A finding in one line, and what to do next in another. Green: as it should be. */
export function findingText({ solved, line, next, evidence = [] }: Finding): string {
  const head = solved ? `${pc.green('✓ solved:')} ${line}` : `${pc.red('✗ not yet:')} ${line}`
  return [head, ...evidence.map((each) => `    ${each}`), `  ${pc.bold('next:')} ${next}`].join('\n')
}
