import { pathToFileURL } from 'node:url'

/** The innermost place of an error's stack that is in one of these folders. */
export function placeIn(
  error: unknown,
  folders: readonly string[],
): { readonly file: string; readonly line: number } | undefined {
  const stack = String((error as { stack?: unknown } | undefined)?.stack ?? '')
  const starts = folders.flatMap((folder) => [`${folder}/`, `${pathToFileURL(folder).href}/`]).map(literal)
  const [, file, line] =
    new RegExp(`(?:${starts.join('|')})([^/:?\\s]+)(?:\\?[\\w=&]*)?:(\\d+)`).exec(stack) ?? []
  return file ? { file: decodeURIComponent(file), line: Number(line) } : undefined
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
