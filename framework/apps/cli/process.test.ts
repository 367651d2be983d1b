import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../process/free-port.ts'
import type { Ended } from '../../process/testing/run-here.ts'
import { patternsFolder } from '../../runner/load-pattern.ts'
import { runHere } from './testing/run-here.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const root = fileURLToPath(new URL('../../../', import.meta.url))
let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab-process-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

function start(
  args: readonly string[],
  env: Record<string, string> = {},
  imports: string[] = [],
): ChildProcess {
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME }
  const flags = ['tsx', ...imports].flatMap((name) => ['--import', name])
  return spawn(process.execPath, [...flags, main, ...args], { cwd: root, env: { ...inherited, ...env } })
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (err += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}

const run = (args: readonly string[], env?: Record<string, string>) => ended(start(args, env))

describe('a process', () => {
  it('ends with the code of its command, and one line for bad input', async () => {
    const { code, out, err } = await run(['pattern', 'p99'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^error: [^\n]*"p99"[^\n]*\n$/)
  })

  it('says in which line a pattern cannot be read', async () => {
    const folder = join(scratch, 'syntax')
    await cp(join(patternsFolder, 'p06-scoped-token-opa'), folder, { recursive: true })
    await writeFile(join(folder, 'mcp-auth.ts'), 'export const authHandler = {\n')
    const { code, err } = await run(['pattern', folder])
    expect(code).toBe(2)
    expect(err).toMatch(/^error: \S+ cannot be loaded: line \d+: [^\n]+; fix it[^\n]*\n$/)
  })

  it('colours a terminal and not a pipe', async () => {
    expect((await run(['list'])).out).not.toContain('\u001b[')
    expect((await run(['list'], { FORCE_COLOR: '1' })).out).toContain('\u001b[')
    expect((await run(['list'], { FORCE_COLOR: '1', NO_COLOR: '1' })).out).not.toContain('\u001b[')
  })
})

describe('Ctrl-C', () => {
  it('in the middle of a run ends with 130 and leaves no port and no file behind', {
    timeout: 60_000,
  }, async () => {
    // A model that never answers: when it is asked, the whole stack is up and a cell is under way.
    const model = createServer()
    const asked = new Promise<void>((resolve) => model.once('request', () => resolve()))
    await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
    const temporary = await mkdtemp(join(scratch, 'tmp-'))
    const OPENAI_BASE_URL = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`
    // Set after tsx has chosen the folder of its cache, which this test need not fill anew.
    const moved = `data:text/javascript,process.env.TMPDIR=${encodeURIComponent(JSON.stringify(temporary))}`
    const child = start(['pattern', 'p08', '--model', 'slow'], { OPENAI_BASE_URL }, [moved])
    const ending = ended(child)
    await asked
    child.kill('SIGINT')
    expect(await ending).toEqual({ code: 130, out: '', err: '' })
    expect(await readdir(temporary)).toEqual([])
    model.closeAllConnections()
    model.close()
  })

  it('in the middle of a probe says so in a line, ends with 130 and leaves no port and no token behind', {
    timeout: 120_000,
  }, async () => {
    // It serves the two honest calls before and beside the first check, and then falls silent.
    let answers = 0
    let token = ''
    let silent = () => {}
    const isSilent = new Promise<void>((resolve) => (silent = resolve))
    const server = createServer((request, response) => {
      token ||= request.headers.authorization?.split(' ')[1] ?? ''
      answers += 1
      if (answers <= 2) response.end('rows of alice')
      else silent()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows`
    const [issuer, canary] = [await freePort(), await freePort()]
    const child = start([
      ...['probe', url, '--as-issuer', String(issuer), '--canary', String(canary)],
      ...['--expect', 'alice=rows of alice', '--only', 'no-token,expired'],
    ])
    const ending = ended(child)
    await isSilent
    child.kill('SIGINT')
    const { code, out, err } = await ending
    expect(code).toBe(130)
    expect(err).toMatch(/^interrupted after \d checks?: nothing is judged or written; run it again\n$/)
    expect(token).toMatch(/^eyJ/)
    expect(out).toContain(`issuer    http://127.0.0.1:${issuer}`)
    expect(out + err).not.toContain(token.split('.')[2])
    for (const port of [issuer, canary]) await (await listen(port)).close()
    server.closeAllConnections()
    server.close()
  })
})

describe('a pattern of your own', () => {
  it('is made by new, runs at once from anywhere, and is compared by diff', { timeout: 60_000 }, async () => {
    const folder = join(scratch, 'mine')
    const made = await runHere(['new', folder, '--from', 'p07'])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect((await readdir(folder)).sort()).toEqual(['mcp-auth.ts', 'service-auth.ts', 'tsconfig.json'])

    const ran = await run(['pattern', folder, '--json'])
    expect(ran).toMatchObject({ code: 0, err: '' })
    const { pattern, cells } = JSON.parse(ran.out)
    expect(pattern).toBe('mine')
    expect(cells.every((cell: { outcome: string; expected: string }) => cell.outcome === cell.expected)).toBe(
      true,
    )

    const compared = await runHere(['diff', 'p06', folder])
    expect(compared).toMatchObject({ code: 0, err: '' })
    expect(compared.out).toContain("+      scope: [call.scope, 'act-mcp-server'],")
    expect((await runHere(['diff', 'p06', folder, '--side-by-side'])).out).toContain('|')
  })
})
