import { UserError } from '../../process/user-error.ts'

/**
 * The generated parts of a Markdown text stand between `<!-- name -->` and `<!-- /name -->`. The opening marker may
 * carry options behind the name: `<!-- name | option | option -->`.
 */
const block =
  /<!-- (?<name>[^/!|>][^|>]*?)(?<options>(?: \| [^|>]+)*?) -->\n(?<content>[\s\S]*?)<!-- \/\k<name> -->/g

/** The generated parts, by name. */
export function blocksIn(markdown: string): Map<string, string> {
  return new Map(
    [...markdown.matchAll(block)].map(({ groups }) => [groups?.name ?? '', (groups?.content ?? '').trim()]),
  )
}

/** The options of a generated part, in order; empty where it has none. */
export function optionsOf(markdown: string, name: string): string[] {
  const found = [...markdown.matchAll(block)].find(({ groups }) => groups?.name === name)
  return (found?.groups?.options ?? '').split(' | ').slice(1)
}

/**
 * Puts new content into a generated part.
 * @param path the file that the text is from
 * @throws {UserError} where the text has no such part
 */
export function withBlock(markdown: string, name: string, content: string, path: string): string {
  if (!blocksIn(markdown).has(name)) {
    throw new UserError(
      `${path} has no place for ${name}: put <!-- ${name} --> and <!-- /${name} --> into it`,
    )
  }
  return markdown.replace(block, (all, found, options) =>
    found === name ? `<!-- ${name}${options} -->\n${content}\n<!-- /${name} -->` : all,
  )
}
