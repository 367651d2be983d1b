import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'
import { say } from '../../process/terminal.ts'
import { Finding, UserError } from '../../process/user-error.ts'
import { install, lacking, prepare } from '../native/prepare.ts'
import { blocksIn, withBlock } from '../readme/blocks.ts'
import { agents, runAgents } from './agents.ts'
import type { Language } from './language.ts'
import { languages } from './languages/index.ts'
import { type Comparison, compare, missed, type TakenHome, takenHome } from './measure.ts'
import { rowOf, tableOf } from './table.ts'
import { tooLong } from './too-long.ts'

const page = 'docs/take-home/README.md'
const block = 'take-home'

/**
 * Runs the service of each language against the lab's attacks, and compares with the lab's own.
 * @param folders of the languages, or `agents`; none: all
 * @param options.write puts the measured table into the page
 * @throws {Finding} for a difference, and for a mistake that nothing notices
 */
export async function runTakeHome(
  folders: readonly string[],
  options: { readonly write?: boolean },
): Promise<void> {
  const chosen = folders.length > 0 ? folders.map(languageOf) : [...languages, agents]
  const findings: string[] = []
  const rows = new Map<string, string>()
  for (const language of chosen) {
    const { name } = language
    const programs = lacking(language)
    if (programs.length > 0) {
      say(
        `!! NOT RUN: ${language === agents ? name : `the services in ${name}`}\n!! this machine lacks ${programs.join(', ')}`,
      )
      continue
    }
    if (language === agents) {
      findings.push(...(await measureAgents()))
      continue
    }
    const { found, row } = await runLanguage(language)
    findings.push(...found)
    rows.set(name, row)
  }
  findings.push(...refreshed(rows, options.write === true))
  if (findings.length > 0)
    throw new Finding(`${findings.length} of these do not hold:\n${findings.join('\n')}`)
}

async function measureAgents(): Promise<string[]> {
  const began = Date.now()
  const deps = install(agents)
  say(`${agents.name} (${agents.libraries}): installed in ${seconds(began)}`)
  const started = Date.now()
  const found = await runAgents(deps)
  const verdict = found.length === 0 ? 'served and refused as p06 says' : `${found.length} differ`
  say(`  p06, under three users' tokens and without one: ${verdict}, ${seconds(started)}`)
  return [...tooLong(agents), ...found]
}

async function runLanguage(language: Language): Promise<{ found: string[]; row: string }> {
  const { name, mistakes } = language
  const began = Date.now()
  const deps = install(language)
  const prepared = prepare(language, deps)
  say(`${name}: built in ${seconds(began)}`)
  const found = tooLong(language)
  const comparisons = {} as Record<TakenHome, Comparison>
  try {
    for (const pattern of takenHome) {
      const started = Date.now()
      const comparison = await compare(language, prepared, pattern)
      comparisons[pattern] = comparison
      const { cells, attacks, blocked, differences } = comparison
      const verdict = differences.length === 0 ? 'as the lab’s own' : `${differences.length} differ`
      say(
        `  ${pattern}: ${cells} honest cells, ${attacks} attacks (${blocked} to block): ${verdict}, ${seconds(started)}`,
      )
      found.push(...differences.map((each) => `${name}, ${pattern}: ${each}`))
    }
  } finally {
    prepared.remove()
  }
  for (const mistake of mistakes) {
    const finding = await missed(language, deps, mistake)
    say(
      `  ${mistake.pattern} with "${mistake.what}": ${finding ? 'NOT noticed' : `noticed by ${mistake.noticedBy}`}`,
    )
    if (finding) found.push(`${name}, ${mistake.pattern}: ${finding}`)
  }
  return { found, row: rowOf(language, comparisons) }
}

function languageOf(folder: string): Language {
  const all = [...languages, agents]
  const known = all.map((each) => basename(each.folder))
  const found = all.find((each) => basename(each.folder) === folder)
  if (!found) throw new UserError(`there is no "${folder}" in docs/take-home: use ${known.join(', ')}`)
  return found
}

/** Compares the page's table with what was measured, or writes it. The row of a language that did not run stays. */
function refreshed(rows: ReadonlyMap<string, string>, write: boolean): string[] {
  const path = join(projectFolder, page)
  const text = readFileSync(path, 'utf8')
  const table = tableOf(languages, rows, blocksIn(text).get(block) ?? '')
  const fresh = withBlock(text, block, table, page)
  if (fresh === text) return []
  if (!write) return [`${page} is stale: run pnpm run take-home --write`]
  writeFileSync(path, fresh)
  say(`written: ${page}`)
  return []
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
