import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { canBeWritten, journalFile, openJournal } from './journal.ts'

const event = { time: '2026-11-20T10:00:00Z', source: 'idp', action: 'login', outcome: 'deny' } as const

const folder = mkdtempSync(join(tmpdir(), 'journal-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a folder', () => {
  const refusing = (code: string, at?: string) => (path: unknown) => {
    if (at === undefined || path === at) throw Object.assign(new Error(code), { code })
  }

  it('cannot be written where it is a file, or this process may not', () => {
    expect(canBeWritten(join(projectFolder, 'package.json'))).toBe(false)
    expect(canBeWritten(folder, refusing('EACCES', folder))).toBe(false)
    expect(canBeWritten(join(folder, 'new'), refusing('EACCES'))).toBe(false)
    expect(canBeWritten(folder)).toBe(true)
  })

  it('can be created where the one around it can be written', () => {
    expect(canBeWritten(join(folder, 'new', 'and', 'deep'))).toBe(true)
    const nothing = vi.fn(refusing('ENOENT'))
    expect(canBeWritten('/a/b', nothing)).toBe(false)
    expect(nothing).toHaveBeenCalledTimes(3)
  })
})

describe('a journal', () => {
  it('cannot be opened where it is a folder, or below a file', () => {
    for (const file of [folder, join(projectFolder, 'package.json', 'audit.jsonl')])
      expect(() => openJournal(file)).toThrow(/^the journal .* cannot be written \(E\w+\): set AUDIT_LOG/)
  })

  it('is there from the beginning, and gets a line for each event, after those that it has', () => {
    const file = join(folder, 'deep', 'audit.jsonl')
    const write = openJournal(file)
    expect(readFileSync(file, 'utf8')).toBe('')
    write(event)
    openJournal(file)({ ...event, action: 'logout' })
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([event, { ...event, action: 'logout' }])
    expect(existsSync(`${file}.1`)).toBe(false)
  })

  it('is put aside when it is opened again with more than 8 MiB', () => {
    const file = join(folder, 'long.jsonl')
    writeFileSync(file, '')
    truncateSync(file, 8 * 1024 * 1024)
    openJournal(file)
    expect(existsSync(`${file}.1`)).toBe(false)
    truncateSync(file, 8 * 1024 * 1024 + 1)
    openJournal(file)(event)
    expect(existsSync(`${file}.1`)).toBe(true)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(event)
  })

  it('is in the first folder that can be written or created, unless it is named', () => {
    const below = join(projectFolder, 'package.json', 'folder')
    const here = join(projectFolder, '.stack', 'not-there', 'yet')
    expect(journalFile({}, [below, here])).toBe(join(here, 'audit.jsonl'))
    expect(journalFile({}, [here, below])).toBe(join(here, 'audit.jsonl'))
    expect(journalFile({ AUDIT_LOG: '-' }, [here])).toBe('-')
  })

  it('says so where a line cannot be written', () => {
    const write = openJournal('/dev/full')
    expect(() => write(event)).toThrow(/journal \/dev\/full cannot be written \(ENOSPC\): make room/)
  })

  it('on standard output takes that for itself, and says so where a line cannot be written', () => {
    // Left by a journal that takes the sign for a name.
    onTestFinished(() => rmSync('-', { force: true }))
    const output = { leave: vi.fn(), write: vi.fn() }
    const write = openJournal('-', output)
    write(event)
    expect(output.leave).toHaveBeenCalledOnce()
    expect(output.write).toHaveBeenCalledExactlyOnceWith(`${JSON.stringify(event)}\n`)
    output.write.mockImplementation(() => {
      throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' })
    })
    expect(() => write(event)).toThrow('the journal on standard output cannot be written (EPIPE)')
  })

  it('on standard output is alone there, one event a line, with nothing hidden in it', async () => {
    const reason = 'a\n\u009b2J\u202e'
    const program = `
      import { openJournal } from './trace/audit/journal.ts'
      import { say } from './process/terminal.ts'
      const write = openJournal('-')
      say('a line for people')
      write(${JSON.stringify({ ...event, reason })})
      say('{"time":"forged"}')`
    const args = ['--import', 'tsx', '--input-type=module', '-e', program]
    const cwd = join(projectFolder, 'framework')
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ ...event, reason }])
    expect(stdout).toContain('\\u009b2J\\u202e')
    expect(stderr).toBe('a line for people\n{"time":"forged"}\n')
  })
})
