import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Kernel } from '../headless/kernel.ts'
import { textOf } from '../headless/notebook-file.ts'
import { cellLimit } from '../headless/run-notebook.ts'

/** A kernel starts in two seconds on a quiet machine, and tests run beside it. */
const limit = 120_000
const program = fileURLToPath(new URL('main.mjs', import.meta.url))
const openP01 = `import { openLesson } from '@lab/framework/notebook'
const lesson = await openLesson('p01')`

describe('kernel', { timeout: limit }, () => {
  let kernel: Kernel
  beforeAll(async () => {
    // Not the notebooks' folder: an editor starts kernels anywhere.
    kernel = await Kernel.start({ cwd: '/' })
  }, limit)
  afterAll(() => kernel.stop())

  async function run(code: string): Promise<string> {
    const { outputs } = await kernel.execute(code, cellLimit)
    return outputs.map((output) => (output.output_type === 'stream' ? textOf(output.text) : '')).join('')
  }

  it('says what to do where a cell is run before those that it builds on', async () => {
    expect(await run('lesson.name')).toBe(
      "1:1 - Cannot find name 'lesson'. Run the cells above this one first.\n",
    )
  })

  it('finds the framework, wherever it was started', async () => {
    expect(await run(openP01)).toBe('')
    expect(await run('lesson.name')).toBe('p01\n')
  })

  it('keeps one lesson where its cell is run twice', async () => {
    await run('const url = lesson.runner.stack.mcpUrl')
    await run(openP01)
    expect(await run('lesson.runner.stack.mcpUrl === url')).toBe('true\n')
  })

  it('has one line for a mistake that a person can fix', async () => {
    expect(await run("await openLesson('p99')")).toMatch(/^error: unknown pattern "p99": [^\n]+\n$/)
  })

  it('checks types', async () => {
    expect(await run('const number: number = lesson.name')).toBe(
      "1:7 - Type 'string' is not assignable to type 'number'.\n",
    )
  })

  it('says one thing about a missed quote, and lets no later cell work with the old value', async () => {
    await run("const exercise = { to: 'old' }")
    const said = await run("const exercise = { to: 'return { 'x-user': 'bob' }' }")
    expect(said).toMatch(/^1:\d+ - [^\n]+ Look at the quotes of this line: [^\n]+\n$/)
    expect(await run('exercise.to')).toBe(
      '1:1 - The cell that sets exercise has a mistake: correct it and run it first. Nothing was checked.\n',
    )
    await run("const exercise = { to: 'new' }")
    expect(await run('exercise.to')).toBe('new\n')
  })

  it.each([
    ['await of an expression in brackets', 'await (Promise.resolve(1))', '1\n'],
    ['for await', 'for await (const each of [Promise.resolve(2)]) console.log(each)', '2\n'],
    ['a type that only the framework can name', 'const audit = lesson.runner.audit\naudit.length', '0\n'],
    [
      'the one instance of a class',
      "import { UserError } from '@lab/framework'\nnew UserError('x') instanceof Error",
      'true\n',
    ],
  ])('takes %s', async (_what, code, output) => {
    expect(await run(code)).toBe(output)
  })

  it('forgets all cells at %reset, and counts from one again', async () => {
    expect(await run('const kept = 1\nkept')).toBe('1\n')
    expect(await kernel.execute('%reset', cellLimit)).toMatchObject({ status: 'ok', outputs: [] })
    const { count, outputs } = await kernel.execute('kept', cellLimit)
    expect(count).toBe(1)
    expect(JSON.stringify(outputs)).toContain("Cannot find name 'kept'")
    expect(await run(openP01)).toBe('')
  })

  it('loses nothing of what a cell prints in a row, nor its end', async () => {
    const lines = Array.from({ length: 3000 }, (_, line) => `${line}\n`)
    expect(await run('for (let line = 0; line < 3000; line++) console.log(line)')).toBe(lines.join(''))
    expect(await run('1 + 1')).toBe('2\n')
  })

  it('watches no file of a package, whose change would throw in the middle of a cell', async () => {
    expect(
      await run("process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length"),
    ).toBe('0\n')
  })

  it('goes on after an interrupt in the middle of a run', async () => {
    const code = "console.log('at work')\nfor (let round = 0; round < 20; round++) await lesson.cells()"
    const { status, outputs } = await kernel.execute(code, cellLimit, (all) => {
      // A moment later, so that it meets the rounds under way and not the start of the cell.
      if (all.length === 1) setTimeout(() => kernel.interrupt(), 500)
    })
    expect(status).toBe('error')
    expect(outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: 'at work\n' },
      { output_type: 'stream', name: 'stderr', text: expect.stringMatching(/^interrupted: [^\n]+\n$/) },
    ])
    expect(await run("(await lesson.ask('dave', 'What are my expenses?')).toolCalls.length")).toBe('1\n')
  })

  // The last one: there is no kernel afterwards.
  it('ends with all its servers when it is shut down', async () => {
    const url = (await run('lesson.runner.stack.mcpUrl')).trim()
    await expect(fetch(url)).resolves.toBeDefined()
    await kernel.stop()
    expect(kernel.process.exitCode).toBe(0)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })
})

describe('life of a kernel', { timeout: limit }, () => {
  it('ends when the program that started it was killed', async () => {
    const script = `
      const { Kernel } = await import(${JSON.stringify(new URL('../headless/kernel.ts', import.meta.url).href)})
      const kernel = await Kernel.start()
      console.log(kernel.process.pid)
      setInterval(() => {}, 1000)`
    // A killed program tidies nothing up: its files go where this test can.
    const scratch = await mkdtemp(join(tmpdir(), 'killed-'))
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, TMPDIR: scratch },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface(parent.stdout), 'line')
    expect(isRunning(Number(line))).toBe(true)
    parent.kill('SIGKILL')
    await vi.waitFor(() => expect(isRunning(Number(line))).toBe(false), { timeout: 30_000, interval: 200 })
    await rm(scratch, { recursive: true })
  })

  it('says what to do on a Node that is too old', () => {
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.0' })"
    const script = `${pretend}; await import(${JSON.stringify(program)})`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(stderr).toMatch(
      /^error: this kernel needs Node 20\.20 or newer [^\n]+ pnpm run notebooks:kernel\n$/,
    )
    expect(status).toBe(2)
  })

  it('says what to do where nothing is installed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bare-kernel-'))
    await copyFile(program, join(folder, 'main.mjs'))
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'main.mjs')], { encoding: 'utf8' })
    await rm(folder, { recursive: true })
    expect(stderr).toMatch(/^error: the packages are not installed; run npx -y pnpm@10 install [^\n]+\n$/)
    expect(status).toBe(2)
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH: there is no such process.
    return false
  }
}
