import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { declaredOutcome } from '../../measure/declarations/declared-outcome.ts'
import { loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { projectFolder } from '../../process/folders.ts'
import { patternFiles, patternsFolder } from '../../runner/load-pattern.ts'
import type { Finding } from './finding.ts'
import { Judge } from './judge.ts'
import type { ExplainLab } from './lab.ts'
import { type LoadedLab, loadLabs, patternOf, solutionOf, type WorkLab } from './load-labs.ts'
import { givenFiles, startFiles, withoutHeader } from './start-files.ts'

const labs = await loadLabs()
const work = labs.filter((each): each is WorkLab => each.lab.kind !== 'explain')
const explain = labs.filter((each): each is LoadedLab<ExplainLab> => each.lab.kind === 'explain')

// In the checkout, so that its packages are found; git ignores the place.
let scratch: string
let judge: Judge
beforeAll(async () => {
  await mkdir(join(projectFolder, 'reports'), { recursive: true })
  scratch = await mkdtemp(join(projectFolder, 'reports/labs-'))
  judge = new Judge()
})
afterAll(async () => {
  await judge.stop()
  await rm(scratch, { recursive: true, force: true })
})

/** Judges a lab whose files are the given ones, over those that the learner starts from. */
async function found(lab: WorkLab, over: string | undefined, options = {}): Promise<Finding> {
  const folder = await mkdtemp(join(scratch, `${lab.id}-`))
  for (const [name, text] of await startFiles(lab)) await writeFile(join(folder, name), text)
  if (over) await cp(over, folder, { recursive: true })
  return judge.judge(lab, folder, options)
}

describe.each(work)('$id', (loaded) => {
  const { lab, folder } = loaded

  it('fails as it is given', async () => {
    const finding = await found(loaded, undefined)
    expect(finding.solved, finding.line).toBe(false)
    expect(finding.failed).toBe(lab.kind === 'fix' ? lab.block : lab.title)
    expect(finding.line).not.toMatch(/could not be tried|line \d+:/)
  })

  it('is solved by its solution', async () => {
    // A fix is measured by a pattern of the ladder, and the ladder's own suite runs every cell and attack on it.
    const options = lab.kind === 'fix' ? { only: 1 } : {}
    const finding = await found(loaded, await solutionOf(loaded), options)
    expect(finding.line).not.toMatch(/could not|not yet/)
    expect(finding.solved, finding.line).toBe(true)
  })

  const wrong = Object.entries(lab.wrong)
  it.each(wrong)('is not solved by the wrong way: %s', async (name, because) => {
    const finding = await found(
      loaded,
      join(folder, 'wrong', name),
      lab.kind === 'fix' ? { first: because } : {},
    )
    expect(finding.solved, finding.line).toBe(false)
    expect(finding.line).not.toMatch(/line \d+:|cannot be loaded/)
    if (lab.kind === 'fix') expect(finding.failed).toBe(because)
    else expect(finding.line).toContain(because)
  })

  it('has no file of its own that is the one of the rung', async () => {
    const rungs = join(patternsFolder, await patternOf(lab.rung))
    for (const file of await readdir(join(folder, 'start')).catch(() => [])) {
      const theirs = await readFile(join(rungs, file), 'utf8').catch(() => '')
      expect(await readFile(join(folder, 'start', file), 'utf8')).not.toBe(withoutHeader(theirs))
    }
  })

  it('has a wrong way for each folder, and a folder for each', async () => {
    const folders = await readdir(join(folder, 'wrong')).catch(() => [])
    expect(folders.sort()).toEqual(Object.keys(lab.wrong).sort())
  })

  it('gives the files that its task names, and with them each key that its solution uses', async () => {
    const files = await givenFiles(loaded)
    const named = [...loaded.task.matchAll(/`([\w-]+\.(?:ts|log))`/g)].map(([, name]) => name)
    expect(named.filter((name) => !files.has(name ?? ''))).toEqual([])
    const solution = lab.kind === 'attack' ? await readFile(join(folder, 'solution/attack.ts'), 'utf8') : ''
    const keys = solution.match(/demo-key-of-\w+/g) ?? []
    const given = await startOf(loaded)
    expect(keys.filter((key) => !given.includes(key))).toEqual([])
  })

  it('does not tell its answer before it is asked for', async () => {
    const told = loaded.task + (await startOf(loaded))
    const answers = await answersOf(loaded)
    expect(answers.filter((line) => told.includes(line))).toEqual([])
  })
})

/** The learner's files as they are given. */
async function startOf(lab: WorkLab): Promise<string> {
  return [...(await givenFiles(lab)).values()].join('\n')
}

/** The telling lines of a solution: those with a call or a path that the given files do not have as they are. */
async function answersOf(loaded: WorkLab): Promise<string[]> {
  const folder = await solutionOf(loaded)
  const files = loaded.lab.kind === 'attack' ? ['attack.ts'] : patternFiles
  const start = new Set((await startOf(loaded)).split('\n').map((line) => line.trim()))
  const lines = (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n')
  return lines
    .replace(/^\/\*\*[\s\S]*?\*\/$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 25 && !start.has(line) && !line.startsWith('import'))
}

it('an error of a fix is told with file and line', async () => {
  const lab = work.find(({ lab }) => lab.kind === 'fix') as WorkLab
  const over = await mkdtemp(join(scratch, 'thrown-'))
  const code =
    "export const authHandler = {\n  async prepareRequest() {\n    throw new Error('todo: a key')\n  },\n}\n"
  await writeFile(join(over, 'mcp-auth.ts'), code)
  const { solved, evidence } = await found(lab, over, { only: 2 })
  expect(solved).toBe(false)
  expect(evidence).toEqual(['mcp-auth.ts:3: Error: todo: a key'])
})

it('there is an attack, a fix and three questions for each rung', () => {
  const kinds = labs.map(({ lab }) => `${lab.rung} ${lab.kind}`)
  const rungs = [...new Set(labs.map(({ lab }) => lab.rung))]
  for (const rung of rungs) {
    for (const kind of ['attack', 'fix', 'explain']) expect(kinds).toContain(`${rung} ${kind}`)
  }
})

describe.each(explain)('$id', ({ lab }) => {
  it.each(lab.questions.map((question) => [question.ask, question] as const))(
    '%s',
    async (_ask, question) => {
      if ('cell' in question) {
        const [user = '', number = ''] = question.cell.split(' ')
        expect(
          (await loadDeclaration(await patternOf(question.on))).cells[user]?.[Number(number) - 1],
        ).toBeDefined()
        return
      }
      const id = 'attack' in question ? question.attack : question.firstToBlock
      expect(attacks.map((attack) => attack.id)).toContain(id)
      if ('on' in question) declaredOutcome(await loadDeclaration(await patternOf(question.on)), id)
    },
  )
})
