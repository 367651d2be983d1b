import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { labPolicyFor, readOwnPolicy } from '../../ops/policy/own-policy.ts'
import { createFolder } from '../../process/create-folder.ts'
import { projectFolder } from '../../process/folders.ts'
import { lab } from '../../process/how-to-run.ts'
import { UserError } from '../../process/user-error.ts'
import { findPattern, patternNames, patternsFolder } from '../../runner/load-pattern.ts'
import { readOwnRealm } from '../../scenario/own-realm/read-own-realm.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { newCommand } from './new.ts'

let scratch: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab-new-'))
})
afterEach(() => rm(scratch, { recursive: true }))

/** @returns what the command printed */
async function run(...args: string[]): Promise<string> {
  let out = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += chunk
    return true
  })
  await newCommand()
    .parseAsync(args, { from: 'user' })
    .finally(() => spy.mockRestore())
  return out
}

const [first = ''] = await patternNames()

describe('new', () => {
  beforeEach(async () => {
    await symlink(join(scratch, 'gone'), join(scratch, 'dangling'))
    await writeFile(join(scratch, 'file'), '')
    await mkdir(join(scratch, 'folder'))
  })

  it.each([
    ['a folder', 'folder', /: it exists already; choose another name$/],
    ['a file', 'file', /: it exists already; choose another name$/],
    ['a link to nothing', 'dangling', /: it exists already; choose another name$/],
    ['a place below a link to nothing', 'dangling/x/y', / \(ENOENT\): choose a place where you may write$/],
    ['a place below a file', 'x/../file/y', / \(ENOTDIR\): choose a place where you may write$/],
    ['a name that is too long', `x/${'y'.repeat(300)}`, / \(ENAMETOOLONG\): choose a place/],
    ['a question mark', 'what?', /: Node cannot load code from a path with \? or \\; choose another name$/],
    ['a question mark above it', 'what?/x', /: Node cannot load code from a path with \? or \\;/],
    ['a backslash', 'a\\b', /: Node cannot load code from a path with \? or \\;/],
    ['a line break', 'a\nb', /a\\nb: its path has invisible characters; choose another name$/],
    ['a mark of writing direction', 'a\u202eb', /a\\u202eb: its path has invisible characters;/],
  ])('refuses %s in one line, and leaves nothing behind', async (_what, name, message) => {
    const before = await readdir(scratch, { recursive: true })
    const running = run(join(scratch, name))
    await expect(running).rejects.toThrow(UserError)
    await expect(running).rejects.toThrow(message)
    await expect(running).rejects.not.toThrow(/\n/)
    expect(await readdir(scratch, { recursive: true })).toEqual(before)
  })

  it('refuses a place under /proc at once', async () => {
    await expect(run('/proc/lab/mine')).rejects.toThrow(
      /^cannot create \/proc\/lab\/mine \((ENOENT|EPERM)\): /,
    )
  })

  it.each(['6', 'p6', '06', 'p06', 'p99', first])(
    'refuses %s, which means a pattern of the ladder',
    async (name) => {
      await expect(run(name)).rejects.toThrow(`"${name}" means a pattern of the ladder in every command`)
    },
  )

  it('refuses the folder of the ladder, and names the way to add to it', async () => {
    await expect(run(join(patternsFolder, 'p77-mine'))).rejects.toThrow(/pnpm run new --ladder pNN-name$/)
  })

  it.each(['', ' '])('refuses an empty name: "%s"', async (name) => {
    await expect(run(name)).rejects.toThrow(/^the name is empty: choose one/)
  })

  it('takes back what it has written if the rest cannot be written', async () => {
    const folder = join(scratch, 'x/y')
    await expect(createFolder(folder, { 'a.ts': '', 'no/such/b.ts': '' })).rejects.toThrow(/\(ENOENT\)/)
    expect((await readdir(scratch)).sort()).toEqual(['dangling', 'file', 'folder'])
  })

  it('prints commands that can be pasted', async () => {
    const folder = join(scratch, "bob's müster")
    const word = `'${folder.replace("'", `'\\''`)}'`
    expect(await run(folder, '--from', 'p07')).toBe(
      [
        `${folder} starts as p07-on-behalf-of. Run it:`,
        `  ${lab(`pattern ${word}`)}`,
        `  ${lab(`pattern ${word} --watch`)}`,
        `  ${lab(`diff p07 ${word}`)}\n`,
      ].join('\n'),
    )
    expect(await findPattern(folder)).toBe(folder)
  })
})

it('a folder from whose path Node cannot load is refused by the other commands too', async () => {
  const folder = join(scratch, 'what?')
  await mkdir(folder)
  await expect(findPattern(folder)).rejects.toThrow(/^Node cannot load code from .*: rename the folder$/)
  expect(await readdir(projectFolder)).not.toContain('what?')
})

describe('new --realm and --policy', () => {
  const exported = join(projectFolder, 'framework/scenario/own-realm/testing/exports/old-keycloak.json')

  it('completes an export, and says what it solved and how to run it', async () => {
    const file = join(scratch, 'ready.json')
    const out = await run('--realm', file, '--from', exported)
    expect(out).toMatch(/^solved {2}users\[0\] \(alice\)\.credentials: the password is a hash/m)
    expect(out).toContain(lab(`pattern p07 --realm ${file}`))
    expect(readOwnRealm(file, ['attack', 'consent', 'docs']).realm.name).toBe('legacy')
  })

  it('starts a realm and a policy as the lab’s own', async () => {
    await run('--realm', join(scratch, 'realm.json'), '--policy', join(scratch, 'opa'))
    expect(readOwnRealm(join(scratch, 'realm.json')).madeIds).toEqual([])
    const policy = await readOwnPolicy(join(scratch, 'opa'), readRealm())
    expect(policy).toEqual(labPolicyFor(readRealm()))
  })

  it.each<[string, string[], RegExp]>([
    ['nothing named', [], /^name what to create: /],
    ['two things', ['mine', '--realm', 'x.json'], /leave the name of a pattern, --ladder and --branch out$/],
    ['an origin of a policy', ['--policy', 'x', '--from', 'p06'], /a policy starts as the one of opa\/$/],
    ['a place that is taken', ['--realm', exported], /it exists already; choose another name$/],
    ['an empty name', ['--policy', ''], /the name is empty/],
    ['an export that is none', ['--realm', 'x.json', '--from', '/nowhere.json'], /cannot be read \(ENOENT\)/],
  ])('refuses %s in one line', async (_what, args, message) => {
    const running = run(...args)
    await expect(running).rejects.toThrow(UserError)
    await expect(running).rejects.toThrow(message)
    await expect(running).rejects.not.toThrow(/\n/)
  })
})
