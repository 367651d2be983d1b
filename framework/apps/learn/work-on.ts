import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { pc } from '../../process/colours.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { count, Progress as ProgressLine, say } from '../../process/terminal.ts'
import { watchFolder } from '../../process/watch-folder.ts'
import type { Finding } from './finding.ts'
import type { Input } from './input.ts'
import type { JudgeProcess } from './judge-process.ts'
import { findingText, opening } from './learn-text.ts'
import { solutionOf, type WorkLab } from './load-labs.ts'
import { MyFiles, shown } from './my-files.ts'
import type { ProgressFile } from './progress.ts'
import { withoutHeader } from './start-files.ts'

/** Everything that a lab is worked on with. */
export interface Desk {
  readonly home: string
  readonly progress: ProgressFile
  readonly judge: JudgeProcess
  readonly input: Input
}

/** The end of work on a lab. */
export type Left = 'next' | 'quit'

const words = 'hint, solution, reset, next or quit'

/** One lab with files, from its opening to the moment when the learner leaves it. */
export class Work {
  readonly #lab: WorkLab
  readonly #desk: Desk
  readonly #files: MyFiles
  /** The code that was judged last, and the one that the last finding was about. */
  #judged: string | undefined
  #found: string | undefined
  #latest: Promise<unknown> | undefined
  /** False where nobody can type a word: the files are judged once. */
  #isTyped = true
  /** Ends the type check of a save when there is a later one. */
  #types = new AbortController()

  constructor(lab: WorkLab, desk: Desk) {
    this.#lab = lab
    this.#desk = desk
    this.#files = new MyFiles(desk.home, lab)
  }

  /** Lays out the files, and says what there is to do. */
  async open(): Promise<void> {
    this.#desk.judge.warm()
    const isNew = await this.#files.open()
    const from = await this.#files.fingerprint()
    const { id } = this.#lab
    const known = this.#desk.progress.read()[id]
    if (isNew || !known?.from) this.#desk.progress.update(id, (before) => ({ ...before, from }))
    else if (known.from !== from) {
      say(
        pc.yellow(
          'This lab has changed since you began: your files are as you left them. reset lays out the new ones.',
        ),
      )
    }
    say(opening(this.#lab))
    say(`${pc.bold('Your files:')} ${(await this.#files.names()).join('  ')}`)
  }

  /** Judges the files as they are now. @returns true if the lab is solved */
  async once(): Promise<boolean> {
    this.#isTyped = false
    const finding = await this.#judge()
    return finding?.solved ?? false
  }

  /** Judges each save, and obeys what is typed, until the learner leaves. */
  async watch(): Promise<Left> {
    say(`\nEach save is judged; the first answer takes some seconds. Type ${words}.\n`)
    const controller = new AbortController()
    const changes = await watchFolder(this.#files.folder, { signal: controller.signal })
    const saves = this.#judgeSaves(changes)
    this.#latest = this.#judge()
    try {
      for (;;) {
        const typed = await this.#desk.input.next()
        if (typed === undefined) {
          // The end of a pipe: whoever wrote into it waits for the finding.
          if (!process.stdin.isTTY) await this.#settled()
          return 'quit'
        }
        const left = await this.obey(typed)
        if (left) return left
      }
    } finally {
      controller.abort()
      this.#types.abort()
      await saves
    }
  }

  /** Resolves when the files as they are now have got their finding. */
  async #settled(): Promise<void> {
    await this.#latest
    if ((await this.#files.code()) !== this.#found) await this.#judge()
  }

  /** @returns how the learner leaves, if that was the word */
  async obey(typed: string): Promise<Left | undefined> {
    const word = typed.trim().toLowerCase()
    if (word === '') return undefined
    if (word === 'quit' || word === 'q' || word === 'exit') return 'quit'
    if (word === 'next') return 'next'
    if (word === 'hint') this.#hint()
    else if (word === 'solution') await this.#solution()
    else if (word === 'reset') await this.#reset()
    else say(`"${word}" is not understood: type ${words}`)
    return undefined
  }

  async #judgeSaves(changes: AsyncIterable<readonly string[]>): Promise<void> {
    for await (const _names of changes) {
      if ((await this.#files.code()) === this.#judged) {
        say(pc.dim(`${now()}  nothing that runs has changed`))
        continue
      }
      this.#latest = this.#judge()
    }
  }

  async #judge(): Promise<Finding | undefined> {
    const code = await this.#files.code()
    this.#judged = code
    const types = this.#checkTypes()
    const line = new ProgressLine()
    const finding = await this.#desk.judge.judge(this.#lab.id, this.#files.folder, {
      onFirst: (text) => {
        line.done()
        say(`${pc.dim(now())}  ${text}`)
      },
      onStep: (done, of, what) => line.update(`${done} of ${of}: ${what}`),
    })
    line.done()
    if (!finding) return undefined
    this.#found = code
    say(`${pc.dim(now())}  ${findingText(this.#withNext(finding))}`)
    if (finding.solved) {
      const solved = new Date().toISOString()
      this.#desk.progress.update(this.#lab.id, (before) => ({ ...before, solved: before.solved ?? solved }))
    }
    for (const problem of await types) say(pc.yellow(`  ${problem}`))
    return finding
  }

  /** The finding with its next step: a word to type, or a command where nobody can type one. */
  #withNext(finding: Finding): Finding {
    if (!finding.solved || this.#isTyped) return finding
    const { id, lab } = this.#lab
    return {
      ...finding,
      next: `${howTo(`learn ${lab.rung}`)}; our way beside yours: ${howTo(`learn ${id} solution`)}`,
    }
  }

  /** The types are checked beside the run, which answers first. */
  async #checkTypes(): Promise<string[]> {
    this.#types.abort()
    this.#types = new AbortController()
    const { signal } = this.#types
    // A later save has ended it, or TypeScript cannot be run: the finding stands without it.
    return this.#files.typeProblems(signal).catch(() => [])
  }

  #hint(): void {
    const { hints, id } = this.#lab
    const { hints: read } = this.#desk.progress.update(id, (before) => ({
      ...before,
      hints: before.hints + 1,
    }))
    const hint = hints[Math.min(read, hints.length) - 1] ?? ''
    say(`\n${pc.bold(`Hint ${Math.min(read, hints.length)} of ${hints.length}`)}\n${hint}\n`)
  }

  async #solution(): Promise<void> {
    const { id, hints } = this.#lab
    const entry = this.#desk.progress.read()[id]
    if (!entry?.solved) {
      const left = hints.length - (entry?.hints ?? 0)
      const question = left > 0 ? `${count(left, 'hint')} left. ` : ''
      const answer = await this.#desk.input.ask(`${question}Show the solution all the same? [y/N] `)
      if (answer !== 'y' && answer !== 'yes') return say('Not shown.')
    }
    this.#desk.progress.update(id, (before) => ({ ...before, sawSolution: true }))
    say(await this.#diff())
  }

  /** The way from the learner's files to the solution's. */
  async #diff(): Promise<string> {
    const solution = await solutionOf(this.#lab)
    const parts: string[] = []
    for (const file of (await readdir(solution)).sort()) {
      const mine = await readFile(join(this.#files.folder, file), 'utf8').catch(() => '')
      const ours = withoutHeader(await readFile(join(solution, file), 'utf8'))
      if (mine === ours) continue
      parts.push(
        createTwoFilesPatch(`yours/${file}`, `ours/${file}`, mine, ours).split('\n').slice(1).join('\n'),
      )
    }
    return parts.length > 0 ? parts.map(painted).join('\n') : 'Yours is ours, line by line.'
  }

  async #reset(): Promise<void> {
    const kept = await this.#files.reset()
    this.#judged = undefined
    this.#found = undefined
    const from = await this.#files.fingerprint()
    this.#desk.progress.update(this.#lab.id, (before) => ({ ...before, from }))
    say(kept ? `Laid out afresh. Your files are kept in ${shown(kept)}` : 'Laid out afresh.')
  }
}

function painted(diff: string): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(\+\+\+|---)/.test(line)) return pc.bold(line)
      if (line.startsWith('+')) return pc.green(line)
      return line.startsWith('-') ? pc.red(line) : line
    })
    .join('\n')
}

function now(): string {
  return new Date().toTimeString().slice(0, 8)
}
