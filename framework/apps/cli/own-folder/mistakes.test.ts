import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { AuthError } from '@lab/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectFolder } from '../../../process/folders.ts'
import { describePattern } from '../../../runner/describe-pattern.ts'
import { PatternErrors } from '../../../runner/pattern-errors/pattern-errors.ts'
import { runHere } from '../testing/run-here.ts'

let scratch: string
beforeEach(async () => {
  // Inside the checkout: the test runner knows no hook for imports from elsewhere.
  await mkdir(join(projectFolder, 'reports'), { recursive: true })
  scratch = await realpath(await mkdtemp(join(projectFolder, 'reports/mistakes-')))
})
afterEach(() => rm(scratch, { recursive: true }))

type Change = readonly [from: string | RegExp, to: string]

/** Writes p06 with these changes, each of which must apply once or more. */
async function write(...changes: Change[]): Promise<void> {
  const { source } = await describePattern('p06')
  const unused = new Set(changes)
  for (const [name, text] of Object.entries(source)) {
    let changed = text
    for (const change of changes) {
      const next = changed.replace(...(change as [string, string]))
      if (next !== changed) unused.delete(change)
      changed = next
    }
    await writeFile(join(scratch, name), changed)
  }
  expect([...unused]).toEqual([])
}

async function see(command: string, ...options: string[]): Promise<{ code: number | null; lines: string[] }> {
  const { code, out, err } = await runHere([command, scratch, ...options], {
    AUDIT_LOG: join(scratch, '..', 'mistakes.jsonl'),
  })
  const shown = `${out}${err}`
    .replaceAll(scratch, 'mine')
    .replaceAll(relative(process.cwd(), scratch), 'mine')
  return { code, lines: shown.trimEnd().split('\n') }
}

const asAlice = (prompts: string) => ['--user', 'alice', '--prompt', prompts]

/** The lines between the summary of the files and the table. */
function aboveTable(lines: readonly string[]): string[] {
  return lines.slice(
    5,
    lines.findIndex((line) => line.startsWith('user ')),
  )
}

function below(heading: string, lines: readonly string[]): string[] {
  return lines.slice(lines.indexOf(heading) + 1)
}

describe('a mistake in one’s own pattern is told above the table, with its line, once, and ends in exit code 1:', () => {
  it('an error, a thrown string, a string for headers, a Promise in a header', async () => {
    await write([
      /const token = await exchangeToken[\s\S]*?\}\)/,
      [
        "if (call.tool === 'list_expenses') throw new Error('todo: my message')",
        "if (call.tool === 'search_documents') throw 'todo'",
        "if (call.tool === 'submit_expense') return 'Bearer' as any",
        'const token = Promise.resolve(call.tool)',
      ].join('\n    '),
    ])
    const { code, lines } = await see('pattern', '--user', 'bob', '--prompt', '1,2,3,4,5')
    expect(aboveTable(lines)).toEqual([
      'mine/mcp-auth.ts:17: Error: todo: my message (2 times)',
      'mine/mcp-auth.ts: threw todo, which is no Error',
      "mine/mcp-auth.ts:16: prepareRequest must return headers, such as { authorization: 'Bearer …' }, and returned a string",
      'mine/mcp-auth.ts:20: the header authorization is a Promise: await is missing',
      '',
    ])
    expect(code).toBe(1)
  })

  it('a value that is not there, no identity, an unknown policy, a header that cannot be sent', async () => {
    await write(
      [
        '  return {\n    method',
        "  if (request.method === 'POST') (token.claims as any).act.sub\n  return {\n    method",
      ],
      [
        '  const { audience }',
        "  if (service.name === 'documents') return undefined as any\n  const { audience }",
      ],
      ["'opa/scope'", "'opa/scopes' as any"],
      [
        'return { auth',
        "if (call.tool === 'approve_expense') return { 'x-user': 'a\\nb' }\n    return { auth",
      ],
    )
    const { code, lines } = await see('pattern', ...asAlice('1,3,4'))
    expect(aboveTable(lines)).toEqual([
      "mine/service-auth.ts:16: policy must be one of 'nobody', 'any-caller', 'roles', 'opa/scope', 'opa/relationships', 'opa/agents', and is \"opa/scopes\"",
      'mine/service-auth.ts:9: getIdentity must return an identity, and returned undefined',
      "mine/service-auth.ts:13: TypeError: Cannot read properties of undefined (reading 'sub')",
      '',
    ])
    expect(code).toBe(1)
    const { lines: asBob } = await see('pattern', '--user', 'bob', '--prompt', '5')
    expect(aboveTable(asBob)[0]).toBe(
      'mine/mcp-auth.ts:21: the header x-user cannot be sent: a header has neither line breaks nor signs beyond Latin-1',
    )
  })

  it('what TypeScript sees: a wrong value, a string for headers, a forgotten await before the verification', async () => {
    await write([/return \{ auth.*/, "return 'Bearer'"], ["'opa/scope'", "'opa/scopes'"])
    const { code, lines } = await see('check')
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      "mine/mcp-auth.ts:16: Type 'string' is not assignable to type 'Record<string, string>'.",
      `mine/service-auth.ts:14: Type '"opa/scopes"' is not assignable to type '"any-caller" | "nobody" | "opa/agents" | "opa/relationships" | "opa/scope" | "roles"'. Did you mean '"opa/scope"'?`,
    ])
    expect(code).toBe(1)
    await write(['await verifyAccessToken', 'verifyAccessToken'])
    const run = await see('pattern', ...asAlice('1'))
    expect(aboveTable(run.lines)).toEqual([
      'mine/service-auth.ts:11: token is a Promise: await is missing',
      '',
    ])
    expect(run.code).toBe(1)
  })

  it('a Promise that nobody awaits and that is rejected: a proof that is not waited for proves nothing', async () => {
    await write(['  return {\n    method', '  verifyProof(request, service, token)\n  return {\n    method'])
    const errors = new PatternErrors(scratch)
    errors.addStray(new AuthError('invalid_dpop_proof', 'the proof was made for GET, and this is POST (htm)'))
    expect(errors.all).toEqual([
      {
        file: join(scratch, 'service-auth.ts'),
        line: 12,
        text: 'await is missing: nobody waits for a Promise that was rejected (AuthError: the proof was made for GET, and this is POST (htm))',
        count: 1,
      },
    ])
  })
})

describe('a folder that cannot be loaded is named with the file, the line and what it lacks:', () => {
  it('an import that the contract does not have', async () => {
    await write([/exchangeToken/g, 'exchangeTokens'])
    const { lines } = await see('check')
    expect(lines[1]?.trim()).toBe(
      `mine/mcp-auth.ts:7: '"@lab/contract"' has no exported member named 'exchangeTokens'. Did you mean 'exchangeToken'?`,
    )
  })

  it('a wrong export', async () => {
    await write(['const authHandler', 'const handler'])
    const { code, lines } = await see('pattern')
    expect(lines).toEqual([
      'error: mine/mcp-auth.ts must export authHandler, and exports handler: compare it with patterns/p06-scoped-token-opa',
    ])
    expect(code).toBe(2)
  })
})

describe('a mistake that is no error is told too:', () => {
  it('a forgotten audience, at the end of a run and of a diff', async () => {
    await write(
      [', { audience }', ''],
      ['  const { audience } = service\n', ''],
      ['Baseline: p05', 'Baseline: p06'],
    )
    const gone =
      '{ audience } in verifyAccessToken: a token counts only at the service that it is addressed to'
    const { code, lines } = await see('pattern', ...asAlice('1'))
    // Wrapped to the width of a piped output.
    expect(below('What is still wrong here', lines).join(' ')).toBe(
      `p06 has, and this has not: ${gone} Still allows: not measured yet: ./lab attack mine`,
    )
    expect(code).toBe(0)
    const diff = await runHere(['diff', 'p06', scratch])
    expect(diff.out.trimEnd().split('\n').at(-1)).toBe(`  - ${gone}`)
  })

  it('a header that the service does not read, which leaves nothing to attack', async () => {
    await write(['authorization:', 'authorisation:'])
    const { code, lines } = await see('pattern', ...asAlice('1'))
    expect(below('What the service saw', lines).slice(0, 2)).toEqual([
      'expenses was reached, and made no identity of it: 401 no Bearer token in the Authorization header:',
      'authorisation was sent, and authorization is read',
    ])
    expect(code).toBe(0)
    const attack = await see('attack')
    expect(attack.lines).toHaveLength(1)
    expect(attack.lines[0]).toMatch(
      /^error: mistakes-\w+ must serve alice before it can be attacked \(her first prompt ends with denied 401: no Bearer token in the Authorization header: authorisation was sent, and authorization is read\): see .\/lab pattern mine$/,
    )
    expect(attack.code).toBe(1)
  })

  it('the client for the user, which serves alice as somebody else, and can be attacked', async () => {
    await write([/userId: token\.userId/, 'userId: token.client'])
    const { code, lines } = await see('attack', '--only', 'session-handle-theft')
    expect(lines.join(' ')).toMatch(
      /one user is served in another\s+user's\s+session: dave's\s+call as\s+mcp-server's/,
    )
    expect(code).toBe(0)
  })
})
