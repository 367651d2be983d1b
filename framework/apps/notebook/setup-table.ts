import { examineEmbedded } from '../../ops/doctor/examine.ts'
import type { Rich } from './rich.ts'
import { table } from './table.ts'

/** Checks the parts that the notebooks run on, and shows the remedy for each that is missing. */
export async function setupTable(): Promise<Rich> {
  const findings = await examineEmbedded()
  return table({
    head: ['part', 'state', 'what to do'],
    rows: findings.map(({ what, state, detail, remedy }) => [
      what,
      { text: state === 'good' ? '✓ good' : `✗ ${detail}`, tone: state === 'good' ? 'good' : 'bad' },
      remedy ?? 'nothing',
    ]),
  })
}
