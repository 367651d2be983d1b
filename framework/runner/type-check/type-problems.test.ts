import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describePattern } from '../describe-pattern.ts'
import { typeProblems } from './type-problems.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'types müster [a] '))
})
afterEach(() => rm(folder, { recursive: true }))

/** Writes p06 with these replacements, each of which must apply. */
async function p06With(...changes: readonly (readonly [from: string | RegExp, to: string])[]): Promise<void> {
  const { source } = await describePattern('p06')
  for (const [name, text] of Object.entries(source)) {
    const changed = changes.reduce((code, [from, to]) => code.replace(from, to), text)
    await writeFile(join(folder, name), changed)
  }
}

describe('typeProblems', () => {
  it('says what is wrong at the line that causes it, in both files at once', async () => {
    await p06With([/exchangeToken/g, 'exchangeTokens'], ['await verifyAccessToken', 'verifyAccessToken'])
    expect(await typeProblems(folder)).toEqual([
      {
        file: 'mcp-auth.ts',
        line: 7,
        message: `'"@lab/contract"' has no exported member named 'exchangeTokens'. Did you mean 'exchangeToken'?`,
      },
      { file: 'service-auth.ts', line: 11, message: 'token is a Promise: await is missing' },
    ])
  })

  it('finds a wrong value in what a function returns, and a Promise in a header', async () => {
    await p06With(
      ["'opa/scope'", "'opa/scopes'"],
      ['const token = await exchange', 'const token = exchange'],
      [/`Bearer .+`/, 'token'],
    )
    expect(await typeProblems(folder)).toEqual([
      {
        file: 'mcp-auth.ts',
        line: 21,
        message:
          "Type 'Promise<ServiceToken>' is not assignable to type 'string': a Promise, await is missing",
      },
      {
        file: 'service-auth.ts',
        line: 14,
        message: expect.stringMatching(
          /^Type '"opa\/scopes"' is not assignable to type .+ Did you mean '"opa\/scope"'\?$/,
        ),
      },
    ])
  })

  it('has nothing to say of a pattern as it is, nor of a folder that lacks its files', async () => {
    expect(await typeProblems(folder)).toEqual([])
    await p06With()
    expect(await typeProblems(folder)).toEqual([])
  })

  it('ends with its signal', async () => {
    await p06With()
    await expect(typeProblems(folder, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    )
  })
})
