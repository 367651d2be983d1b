import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectFolder } from '../../process/folders.ts'
import { filesEndingWith, textOf } from './testing/files.ts'

const node = textOf('.nvmrc').trim()
const json = (path: string) => JSON.parse(textOf(path))

describe('the licence', () => {
  it('is the Apache License 2.0, whole', () => {
    const licence = textOf('LICENSE')
    expect(licence).toMatch(/^\s+Apache License\n\s+Version 2\.0, January 2004\n/)
    expect(licence).toContain('END OF TERMS AND CONDITIONS')
  })

  it.each(filesEndingWith('/package.json').concat('package.json'))('is named by %s', (path) => {
    expect(json(path).license).toBe('Apache-2.0')
  })
})

describe('the Node version', () => {
  it('is the lowest that package.json allows', () => {
    expect(json('package.json').engines.node).toBe(`>=${node}`)
  })

  it('is that of the dev container', () => {
    expect(textOf('.devcontainer/Dockerfile')).toContain(`\nFROM node:${node}-`)
  })

  it('is that of the types, by its major', () => {
    const [major] = node.split('.')
    expect(json('package.json').devDependencies['@types/node']).toMatch(new RegExp(`^\\^${major}\\.`))
  })
})

describe('the dev container', () => {
  const container = json('.devcontainer/devcontainer.json')

  it('is built from a file that is there', () => {
    expect(existsSync(join(projectFolder, '.devcontainer', container.build.dockerfile))).toBe(true)
  })

  it('runs only scripts that package.json has', () => {
    const scripts = [...container.postCreateCommand.matchAll(/pnpm run (\S+)/g)].map(([, name]) => name)
    expect(scripts).toContain('notebooks:kernel')
    for (const script of scripts) expect(json('package.json').scripts).toHaveProperty([script])
  })

  it('says what each forwarded port is', () => {
    expect(Object.keys(container.portsAttributes)).toEqual(container.forwardPorts.map(String))
  })
})

describe('the workflow', () => {
  const workflow = parse(textOf('.github/workflows/ci.yml'))
  const jobs: { steps: { run?: string; uses?: string }[] }[] = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)

  it('runs what a maintainer runs', () => {
    expect(steps.map(({ run }) => run)).toContain('bash .ci/run')
  })

  it('reads the repository and writes nothing', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })

  it('pins each action by commit', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? [])
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
  })
})

describe.each(['doubtful-verdict.yml', 'missing-attack.yml'])('the issue template %s', (file) => {
  const template = parse(textOf(`.github/ISSUE_TEMPLATE/${file}`))
  const questions = template.body.filter(({ type }: { type: string }) => type !== 'markdown')

  it('has a name and a description', () => {
    expect(template).toMatchObject({ name: expect.any(String), description: expect.any(String) })
  })

  it('asks each question once, under an id', () => {
    const ids = questions.map(({ id }: { id?: string }) => id)
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('.editorconfig', () => {
  it('has sections and settings only', () => {
    const lines = textOf('.editorconfig').split('\n')
    const unreadable = lines.filter((line) => !/^(|#.*|\[[^\]]+\]|[a-z_]+ = \S+)$/.test(line))
    expect(unreadable).toEqual([])
  })

  it('indents and breaks lines as the formatter does', () => {
    const { indentStyle, indentWidth, lineWidth } = json('biome.json').formatter
    expect(textOf('.editorconfig')).toContain(`indent_style = ${indentStyle}\nindent_size = ${indentWidth}\n`)
    expect(textOf('.editorconfig')).toContain(`max_line_length = ${lineWidth}\n`)
  })
})
