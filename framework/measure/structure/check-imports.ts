import { projectFolder } from '../../process/folders.ts'
import { type Import, readImports } from './read-imports.ts'
import { brokenRule } from './rooms.ts'

/**
 * Checks the direction of every import, and that no files import each other in a circle.
 * @returns one line for each import or circle that breaks a rule
 */
export async function importProblems(root: string = projectFolder): Promise<string[]> {
  const imports = await readImports(root)
  const broken = imports.flatMap(({ from, to }) => {
    const rule = brokenRule(from, to)
    return rule ? [`${from}: imports ${to}; ${rule}`] : []
  })
  return [...new Set([...broken, ...circlesIn(imports).map(circleProblem)])].sort()
}

function circleProblem(files: readonly string[]): string {
  return `${files[0]}: imports itself in a circle (${[...files, files[0]].join(' → ')}); move what they share below both`
}

/** Each circle once, as the way around it from its first file by name. */
function circlesIn(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const done = new Set<string>()
  const circles = new Map<string, string[]>()
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) {
      const circle = way.slice(at)
      circles.set([...circle].sort().join(), fromFirst(circle))
      return
    }
    if (done.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return [...circles.values()]
}

function fromFirst(circle: readonly string[]): string[] {
  const at = circle.indexOf([...circle].sort()[0] ?? '')
  return [...circle.slice(at), ...circle.slice(0, at)]
}
