import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { newTraceparent } from '@lab/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser } from '../../parties/sign-in/browser.ts'
import { fillLoginForm } from '../../parties/sign-in/login-form.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { userOf } from '../../scenario/realm/lookup.ts'
import { install } from '../native/prepare.ts'
import { python } from '../native/python.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// As pnpm run serve starts it.
const runner = new PatternRunner('p06', { ownClients: true })
beforeAll(() => runner.start())
afterAll(() => runner.stop())

/** Clients that sign a person in by themselves: the commands that run them. */
const clients: Readonly<Record<string, () => readonly string[]>> = {
  FastMCP: () => {
    const deps = install({ ...python(''), name: 'FastMCP' })
    return [`${deps}/venv/bin/python`, here('./clients/fastmcp_sign_in.py')]
  },
  'mcp-remote': () => [process.execPath, here('./clients/mcp-remote.mjs')],
}

const hosts = ['localhost', '127.0.0.1']

it.each(Object.keys(clients).flatMap((name) => hosts.map((host) => [name, host] as const)))(
  '%s signs bob in, with a callback on %s, and is served as him',
  async (name, host) => {
    const before = runner.audit.length
    const command = clients[name]?.() ?? []
    const said = await signedIn([...command, runner.stack.mcpUrl, host, 'list_expenses'], host)
    expect(said).toContain('Dinner with a customer')
    const records = runner.audit.slice(before).filter(({ service }) => service === 'expenses')
    expect(records).toMatchObject([{ decision: 'allow', user: 'bob' }])
  },
)

/** Runs a client, and opens the page that it names as a browser would. @returns what the tool call gave */
async function signedIn([command = '', ...args]: readonly string[], host: string): Promise<string> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  createInterface(child.stderr).on('line', (line) => lines.push(line))
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) =>
        reject(new Error(`it ended with ${code}: ${lines.join('\n').slice(-2_000)}`)),
      )
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line)
        const [, what, rest = ''] = /^(\w+) (.*)$/.exec(line) ?? []
        if (what === 'open') visit(new URL(rest), host).catch(reject)
        if (what === 'called') resolve(rest)
      })
    })
  } finally {
    child.kill()
  }
}

/** Signs bob in at the page, and goes where it leads back to. */
async function visit(page: URL, host: string): Promise<void> {
  const redirectUri = page.searchParams.get('redirect_uri') ?? ''
  expect(new URL(redirectUri).hostname).toBe(host)
  const { origin } = page
  const browser = new Browser({ origin, redirectUri, fetch, traceparent: newTraceparent() })
  const first = await browser.visit(page)
  if ('callback' in first) throw new Error('it was sent back before anybody signed in')
  const credentials = { username: 'bob', password: userOf(runner.realm, 'bob').password }
  const form = fillLoginForm(await first.page.text(), first.url, credentials)
  if (!form) throw new Error(`there is no login form at ${first.url}`)
  const second = await browser.visit(form.action, form.fields)
  if (!('callback' in second)) throw new Error(`bob was not signed in: HTTP ${second.page.status}`)
  await fetch(second.callback)
}
