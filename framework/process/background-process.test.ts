import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BackgroundProcess } from './background-process.ts'
import { waitForHealth } from './wait-for-health.ts'

let folder: string
let process_: BackgroundProcess
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'background-'))
  process_ = new BackgroundProcess('sleeper', folder)
})
afterEach(async () => {
  await process_.stop()
  rmSync(folder, { recursive: true })
})

const progress = { report() {}, update() {} }
const nowhere = 'http://127.0.0.1:9/health'
const at = { url: 'http://127.0.0.1:9', health: nowhere }

describe('BackgroundProcess', () => {
  it('refuses a program that is not there', async () => {
    await expect(process_.start('/no/such/program', [], process.env, at)).rejects.toThrow(
      /cannot be run .*reinstall it/,
    )
    expect(process_.pid).toBeUndefined()
  })

  it('does not take another program for its own that got the same number', async () => {
    writeFileSync(
      join(folder, 'sleeper.pid.json'),
      JSON.stringify({ pid: process.pid, started: 'Thu Jan 1 1970' }),
    )
    expect(process_.pid).toBeUndefined()
    expect(await process_.stop()).toBe(false)
  })

  it.each(['{', '', '{"pid":0,"started":""}'])('finds nothing where its note says %j', (note) => {
    writeFileSync(join(folder, 'sleeper.pid.json'), note)
    expect(process_.pid).toBeUndefined()
  })

  it('starts, is found by somebody else, keeps what it says, and stops', async () => {
    await process_.start('sh', ['-c', 'echo hello; exec sleep 60'], process.env, at)
    const seen = new BackgroundProcess('sleeper', folder)
    expect(seen.pid).toBe(process_.pid)
    expect(seen.at).toEqual(at)
    expect(await seen.stop()).toBe(true)
    expect(process_.pid).toBeUndefined()
    expect(readFileSync(process_.log, 'utf8')).toBe('hello\n')
  })

  it('is gone when it was killed', async () => {
    await process_.start('sleep', ['60'], process.env, at)
    await process_.kill()
    expect(process_.pid).toBeUndefined()
    expect(process_.at).toBeUndefined()
  })
})

describe('waitForHealth', () => {
  it.each([
    [
      'echo starting; echo ERROR: Failed to start server; exit 1',
      /sleeper ended while it started: ERROR: Failed to start/,
    ],
    [
      `echo '{"level":"error","msg":"bundle","err":"rego_parse_error"}'; exit 1`,
      /started: bundle: rego_parse_error/,
    ],
    ['exit 1', /sleeper ended while it started: ; its log: .*sleeper\.log/],
  ])('gives the reason of what ends: %s', async (script, reason) => {
    await process_.start('sh', ['-c', script], process.env, at)
    await expect(waitForHealth(process_, nowhere, progress)).rejects.toThrow(reason)
  })
})
