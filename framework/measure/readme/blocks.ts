import { UserError } from '../../process/user-error.ts'

/** The generated parts of a Markdown text stand between `<!-- name -->` and `<!-- /name -->`. */
const block = /<!-- (?<name>[^/!][^>]*?) -->\n(?<content>[\s\S]*?)<!-- \/\k<name> -->/g

/** The generated parts, by name. */
export function blocksIn(markdown: string): Map<string, string> {
  return new Map(
    [...markdown.matchAll(block)].map(({ groups }) => [groups?.name ?? '', (groups?.content ?? '').trim()]),
  )
}

/**
 * Puts new content into a generated part.
 * @throws {UserError} where the text has no such part
 */
export function withBlock(markdown: string, name: string, content: string): string {
  if (!blocksIn(markdown).has(name)) {
    throw new UserError(
      `README.md has no place for ${name}: put <!-- ${name} --> and <!-- /${name} --> into it`,
    )
  }
  return markdown.replace(block, (all, found) =>
    found === name ? `<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->` : all,
  )
}
