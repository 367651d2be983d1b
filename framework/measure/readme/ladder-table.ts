import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { titleWith } from '../comparison/grids.ts'
import { loadDeclaration } from '../declarations/load-declarations.ts'
import { patternOrder } from '../declarations/order.ts'
import { baselineOf, diffFile } from './diffs.ts'

/** The ladder and below it the branches as a Markdown table, one row for each pattern folder: from its header and its declaration. */
export async function ladderTable(): Promise<string> {
  const { names } = await patternOrder()
  const rows = await Promise.all(names.map(async (name) => rowOf(await describePattern(name), names)))
  return ['| pattern | name | what it sends | still allows | diff |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}

async function rowOf({ name, mcpAuth }: PatternDescription, names: readonly string[]): Promise<string> {
  const { title, base } = await loadDeclaration(name)
  const baseline = baselineOf(mcpAuth, names)
  const cells = [
    `[${name.slice(0, 'p00'.length)}](patterns/${name})`,
    titleWith(title, base),
    withoutDot(mcpAuth.summary),
    withoutDot(mcpAuth.stillAllows),
    baseline ? `[from ${baseline.slice(0, 'p00'.length)}](${diffFile(baseline, name)})` : '',
  ]
  return `| ${cells.join(' | ')} |`
}

function withoutDot(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
