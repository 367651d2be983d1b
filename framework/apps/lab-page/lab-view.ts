import { attackGroups } from '../../attacks/index.ts'
import { loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { patternOrder } from '../../measure/declarations/order.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { patternFiles } from '../../runner/load-pattern.ts'
import { unifiedDiff } from '../../runner/unified-diff.ts'
import { prompts } from '../../scenario/prompts.ts'
import type { Realm } from '../../scenario/realm/realm.ts'
import { piecesOf } from '../notebook/code-view.ts'

export type LabView = Awaited<ReturnType<typeof labView>>

/** The things that do not change while the page runs: patterns, users, prompts and attacks. */
export async function labView(realm: Realm) {
  const { names, branches } = await patternOrder()
  const patterns = await Promise.all(
    names.map(async (name) => {
      const base = branches.find((branch) => branch.name === name)?.base
      return patternView(await describePattern(name), (await loadDeclaration(name)).title, base)
    }),
  )
  return {
    patterns,
    users: realm.users.map(({ username, roles, department, manager }) => ({
      name: username,
      about: [roles.join(', '), department, manager ? `manager: ${manager}` : ''].filter(Boolean).join(' · '),
    })),
    prompts: prompts.map(({ number, text }) => ({ number: Number(number), text: String(text) })),
    groups: attackGroups.map(({ title, attacks }) => ({
      title,
      attacks: attacks.map(({ id, story, judgedBy, owasp, cwe, aisvs }) => ({
        id,
        story,
        judgedBy,
        catalogues: [...owasp, ...cwe, ...aisvs.map((id) => `AISVS ${id}`)].map(String),
      })),
    })),
  }
}

function patternView({ name, mcpAuth, serviceAuth }: PatternDescription, title: string, base?: string) {
  return {
    name,
    short: name.slice(0, 'p00'.length),
    title,
    base: base?.slice(0, 'p00'.length) ?? '',
    baseline: mcpAuth.baseline === 'none' ? '' : mcpAuth.baseline.slice(0, 'p00'.length),
    sends: mcpAuth.summary,
    proves: serviceAuth.summary,
    leaves: mcpAuth.stillAllows,
  }
}

/** The two files of a pattern, each line in pieces that have one colour. */
export async function codeOf(which: string) {
  const { name, source } = await describePattern(which)
  return patternFiles.map((file) => ({
    file: `patterns/${name}/${file}`,
    lines: source[file]
      .trimEnd()
      .split('\n')
      .map((line) => piecesOf(line, 'ts')),
  }))
}

/** The diff of each file from one pattern to another. */
export async function diffOf(from: string, to: string) {
  const [before, after] = await Promise.all([describePattern(from), describePattern(to)])
  return patternFiles.map((file) => ({
    file,
    lines:
      before.source[file] === after.source[file]
        ? []
        : unifiedDiff(file, before, after)
            .split('\n')
            .map((line) => piecesOf(line, 'diff')),
  }))
}
