import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patternOrder } from '../../measure/declarations/order.ts'
import { forEachNotebook, notebookNames, notebooksFolder } from './headless/all-notebooks.ts'
import { differences } from './headless/differences.ts'
import { KeptKernels } from './headless/kept-kernels.ts'
import type { Kernel } from './headless/kernel.ts'
import { type Cell, type Notebook, readNotebook, textOf } from './headless/notebook-file.ts'
import { runCell, runCells } from './headless/run-notebook.ts'

/** For one notebook, in ms: a machine may be busy with other tests. Each cell has its own, shorter limit. */
const limit = 300_000

/** The sections of a pattern's notebook. It may have others between them, where there is something new to see. */
const sections = [
  'What changes, and why',
  'On the wire',
  'Who gets what',
  'What went wrong',
  'Try it',
  'The ladder so far',
]

/** A second notebook about a pattern: `08b-…` has sections of its own between its title and these. */
const ofSequels = ['Try it', 'The ladder so far']

const names = await notebookNames()

/** The notebooks of branches, each with its base's. */
const branches = new Map(
  (await patternOrder()).branches.map(({ name, base }) => [notebookOf(name), notebookOf(base)]),
)
/** The others are read one after another. */
const inTurn = names.filter((name) => !branches.has(name))

/** `p06-scoped-token-opa`: `06-scoped-token-opa.ipynb`. */
function notebookOf(pattern: string): string {
  return `${pattern.slice(1)}.ipynb`
}

describe('notebooks', () => {
  describe.each(names)('%s', (name) => {
    test('has short cells, each with an id of its own, and no error in its outputs', async () => {
      const { cells } = await readNotebook(join(notebooksFolder, name))
      const long = code(cells).filter(({ source }) => textOf(source).split('\n').length > 15)
      const complaining = code(cells).filter(({ outputs = [] }) => outputs.some(isComplaint))
      expect({ long: long.map(({ id }) => id), complaining: complaining.map(({ id }) => id) }).toEqual({
        long: [],
        complaining: [],
      })
      expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length)
    })
  })

  test.each(names)('%s links only what is there', async (name) => {
    const { cells } = await readNotebook(join(notebooksFolder, name))
    const texts = cells
      .filter(({ cell_type }) => cell_type === 'markdown')
      .map(({ source }) => textOf(source))
    const targets = texts.flatMap((text) => [...text.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, to]) => to))
    expect(targets.filter((to) => !existsSync(join(notebooksFolder, to as string)))).toEqual([])
  })

  describe.each(names.slice(1))('%s', (name) => {
    test('has its sections, in order', async () => {
      const { cells } = await readNotebook(join(notebooksFolder, name))
      const headings = cells.flatMap(({ cell_type, source }) =>
        cell_type === 'markdown' ? [...textOf(source).matchAll(/^## (.+)$/gm)].map((match) => match[1]) : [],
      )
      const required = isSequel(name) ? ofSequels : sections
      expect(headings.filter((heading) => required.includes(heading as string))).toEqual(required)
    })

    test('says at its top what it is for, and links a notebook beside it or its base, and the glossary', async () => {
      const { cells } = await readNotebook(join(notebooksFolder, name))
      const title = textOf(cells[0]?.source ?? '')
      expect(title).toMatch(/^\*\*You will be able to\*\* \w/m)
      expect(title).toMatch(/^\*\*Time:\*\* \d+ minutes\. \*\*You should know:\*\* \S/m)
      const at = inTurn.indexOf(name)
      const beside = branches.has(name) ? [branches.get(name)] : [inTurn[at - 1], inTurn[at + 1]]
      const around = beside.filter((each) => title.includes(`](${each})`))
      expect(around).not.toEqual([])
      expect(title).toContain('(../docs/glossary.md)')
    })

    test('ends with links to the specifications, the pattern and what decides', async () => {
      const { cells } = await readNotebook(join(notebooksFolder, name))
      const links = textOf(cells.at(-1)?.source ?? '')
      for (const to of ['https://www.rfc-editor.org/rfc/', '](../', '/presets/|opa/|services/']) {
        expect(links).toMatch(new RegExp(to.replaceAll(/[()\].]/g, '\\$&')))
      }
    })

    test.skipIf(name.startsWith('00'))(
      'has exercises, each with a solution that its text does not tell, and a checker',
      async () => {
        const { cells } = await readNotebook(join(notebooksFolder, name))
        const exercises = exercisesOf(cells)
        expect(isSequel(name) ? [1, 2, 3] : [2, 3]).toContain(exercises.length)
        for (const { exercise, checker, text } of exercises) {
          const [, answer] =
            /^ {2}to: (?:'(.*)'|"(.*)"),$/m.exec(textOf(exercise.metadata.solution ?? '')) ?? []
          if (answer) expect(text).not.toContain(answer)
          expect(textOf(exercise.metadata.solution ?? '')).not.toBe(textOf(exercise.source))
          expect(checker.metadata.tags).toEqual(['checker'])
          const asked = [...textOf(exercise.source).matchAll(/([\w-]+(?: \d)?)'?: '\?'/g)].map(
            ([, name]) => name,
          )
          expect(asked).not.toEqual([])
          expect(textOf(checker.source)).toContain(`[${asked.map((name) => `'${name}'`).join(', ')}]`)
        }
      },
    )
  })

  describe('executed', () => {
    const solved = new Map<string, string[]>()
    const kernels = new KeptKernels()
    let runs = new Map<string, Promise<Notebook>>()

    // biome-ignore lint/correctness/noEmptyPattern: Vitest wants a pattern, and hooks have nothing to take from it.
    beforeAll(({}, { tasks }) => {
      // With --testNamePattern, only the notebooks that it asks for.
      const wanted = names.filter((name) =>
        tasks.some((task) => task.mode === 'run' && task.name.startsWith(name)),
      )
      const execute = async (name: string, place: number) => {
        try {
          const kernel = await kernels.at(place)
          const executed = await runCells(kernel, await readNotebook(join(notebooksFolder, name)))
          solved.set(name, await solve(kernel, executed.cells))
          return executed
        } catch (error) {
          await kernels.end(place)
          throw error
        }
      }
      // One kernel: other test files use the other core, and its start is as much work as two notebooks.
      const started = forEachNotebook(wanted, execute, 1)
      // Each failure is told by the test that waits for it, and not before.
      for (const run of started) run.catch(() => {})
      runs = new Map(wanted.map((name, at) => [name, started[at] as Promise<Notebook>]))
    })

    afterAll(() => kernels.endAll())

    test.each(names)(
      '%s comes out as it is committed, and its exercises can be solved',
      async (name) => {
        const executed = await (runs.get(name) as Promise<Notebook>)
        expect(differences(await readNotebook(join(notebooksFolder, name)), executed)).toEqual([])
        const exercises = exercisesOf(executed.cells)
        expect(exercises.map(({ checker }) => verdict(checker))).toEqual(exercises.map(() => 'Not yet'))
        expect(solved.get(name)).toEqual(exercises.map(() => 'Holds'))
      },
      limit,
    )
  })
})

function code(cells: readonly Cell[]): Cell[] {
  return cells.filter(({ cell_type }) => cell_type === 'code')
}

function isComplaint(output: NonNullable<Cell['outputs']>[number]): boolean {
  return output.output_type === 'stream' && output.name === 'stderr'
}

/** An exercise with its text above it and its checker below it. */
function exercisesOf(cells: readonly Cell[]): { exercise: Cell; checker: Cell; text: string }[] {
  return cells.flatMap((exercise, at) =>
    exercise.metadata.tags?.includes('exercise')
      ? [{ exercise, checker: cells[at + 1] as Cell, text: textOf(cells[at - 1]?.source ?? '') }]
      : [],
  )
}

function isSequel(name: string): boolean {
  return /^\d\d[a-z]-/.test(name)
}

/** Runs each solution and its checker in the kernel where the notebook has run: so cells run twice, too. */
async function solve(kernel: Kernel, cells: readonly Cell[]): Promise<string[]> {
  const verdicts: string[] = []
  for (const { exercise, checker } of exercisesOf(cells)) {
    await runCell(kernel, { ...exercise, source: exercise.metadata.solution ?? '' })
    verdicts.push(verdict(await runCell(kernel, checker)))
  }
  return verdicts
}

function verdict({ outputs = [] }: Cell): string {
  const [output] = outputs
  const text = output?.output_type === 'display_data' ? textOf(output.data['text/plain'] ?? '') : ''
  return /^\*\*(Holds|Not yet)\*\*/.exec(text)?.[1] ?? text
}
