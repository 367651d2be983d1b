import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { filesEndingWith, textOf } from './testing/files.ts'

/** Code is not prose: what looks like a link in it is none. */
const code = /```[\s\S]*?```|`[^`\n]*`/g
const link = /\[[^\]]*\]\((?<target>[^)\s]+)\)/g

interface Link {
  readonly file: string
  readonly anchor: string
}

describe.each(filesEndingWith('.md'))('%s', (path) => {
  const links = [...textOf(path).replaceAll(code, 'code').matchAll(link)]
    .map(({ groups }) => groups?.target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target): Link => {
      const [file = '', anchor = ''] = target.split('#')
      return { file: file === '' ? path : join(dirname(path), file), anchor }
    })

  it('links to files that are there', () => {
    expect(links.map(({ file }) => file).filter((file) => !existsSync(join(projectFolder, file)))).toEqual([])
  })

  it('links to headings that are there', () => {
    const broken = links.filter(
      ({ file, anchor }) => anchor !== '' && !anchorsOf(textOf(file)).includes(anchor),
    )
    expect(broken).toEqual([])
  })

  it('has no line of prose above 120 characters', () => {
    const prose = textOf(path).replaceAll(/```[\s\S]*?```/g, '')
    const long = prose.split('\n').filter((line) => line.length > 120 && !/^(\||<!--)/.test(line))
    expect(long).toEqual([])
  })
})

describe('docs/decisions/README.md', () => {
  it('should list every decision', () => {
    const index = textOf('docs/decisions/README.md')
    const pages = filesEndingWith('.md')
      .filter((path) => dirname(path) === 'docs/decisions')
      .map((path) => basename(path))
      .filter((name) => name !== 'README.md')
    expect(pages.filter((name) => !index.includes(`](${name})`))).toEqual([])
  })
})

/** The anchors of a Markdown text's headings, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  )
}
