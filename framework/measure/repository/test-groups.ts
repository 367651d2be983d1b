import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The test files of the repository, by what they need. Paths from its root. */
export interface TestGroups {
  /** They share the modules of one thread, which saves loading them for each file. */
  readonly unit: readonly string[]
  /** They replace modules, which no other file may see: each has its own thread. */
  readonly mocking: readonly string[]
  /** Processes, notebooks, a browser, whole patterns measured, minutes of load. */
  readonly whole: readonly string[]
}

/** Beside the files that start processes: notebooks, a browser, the ladder from end to end, minutes of load. */
const wholeByPath = [
  /^framework\/apps\/notebook-kernel\//,
  /^framework\/apps\/(api-docs\/browser|lab-page\/in-browser|lab-page\/copy\/copy-process|cli\/canary|cli\/cli|cli\/own-folder\/mistakes|cli\/process)\.test\.ts$/,
  /^framework\/apps\/cli\/own-folder\/watch-pattern\.test\.ts$/,
  /^framework\/apps\/(handout\/handout|learn\/judge-process|learn\/labs|notebook\/exercise|probe\/run-probe)\.test\.ts$/,
  /^framework\/apps\/serve\//,
  /^framework\/attacks\/(honest-load|independence|front-door\/evil-mcp-server)\.test\.ts$/,
  /^framework\/measure\/(comparison\/measured|pattern-suite)\//,
  /^framework\/measure\/declarations\/(holes|renamed)\.test\.ts$/,
  /^framework\/measure\/readme\/readme\.test\.ts$/,
  /^framework\/ops\/(policy|doctor)\//,
  /^framework\/parties\/(idp\/floods|model\/unreliable-model)\.test\.ts$/,
  /^framework\/runner\/(faults|long-run)\.test\.ts$/,
  /^services\/mcp\/hostile-clients\.test\.ts$/,
]

/** @param root the folder of the repository */
export function testGroups(root: string): TestGroups {
  const files = ['framework', 'patterns', 'services'].flatMap((folder) => testsIn(root, folder))
  const unit: string[] = []
  const mocking: string[] = []
  const whole: string[] = []
  for (const file of files) {
    const source = readFileSync(join(root, file), 'utf8')
    const isWhole = wholeByPath.some((path) => path.test(file)) || /from 'node:child_process'/.test(source)
    const group = isWhole ? whole : /\bvi\.(do)?[mM]ock\(/.test(source) ? mocking : unit
    group.push(file)
  }
  return { unit, mocking, whole }
}

function testsIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testsIn(root, path)
    return /(?<!\.real)\.test\.ts$/.test(entry.name) ? [path] : []
  })
}
