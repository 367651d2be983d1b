/** The rooms, from the ground up: each imports from itself and from those before it; `services` from the contract alone. */
export const rooms = [
  'framework/contract',
  'framework/process',
  'services',
  'framework/scenario',
  'framework/parties',
  'framework/trace',
  'framework/runner',
  'framework/ops',
  'framework/attacks',
  'framework/measure',
  'framework/apps',
  'framework',
  'framework/apps/notebook-kernel',
] as const

/** The rooms inside `services`; the three services do not know each other. */
const serviceRooms = [
  'services/shared',
  'services/directory',
  'services/documents',
  'services/expenses',
  'services/data',
  'services/mcp',
  'services',
  'services/testing',
] as const

const services = ['services/directory', 'services/documents', 'services/expenses']

/** Patterns with one mistake each, which the attacks must find. */
const flawedPatterns = 'framework/attacks/flawed-patterns/'

/** The packages by which one folder is imported from another. */
export const packages: Readonly<Record<string, string>> = {
  '@lab/contract': 'framework/contract/index.ts',
  '@lab/services': 'services/index.ts',
  '@lab/framework': 'framework/index.ts',
  '@lab/framework/command-line': 'framework/process/command-line.ts',
  '@lab/framework/learn': 'framework/apps/learn/index.ts',
  '@lab/framework/notebook': 'framework/apps/notebook/index.ts',
  '@lab/framework/oauth-client': 'framework/parties/oauth-client/index.ts',
}

/** The innermost of these rooms that a file is in. */
function roomOf<Room extends string>(file: string, among: readonly Room[]): Room | undefined {
  return among
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)
    .at(0)
}

/**
 * The rule that an import breaks.
 * @param from path of the importing file, from the project's root
 * @param to path of the imported file, from the project's root
 * @returns one sentence; undefined if it breaks none
 */
export function brokenRule(from: string, to: string): string | undefined {
  const ofContract = to === packages['@lab/contract']
  if (from.startsWith(flawedPatterns)) {
    return ofContract || to.startsWith('patterns/')
      ? undefined
      : 'a flawed pattern imports @lab/contract and the pattern that it spoils'
  }
  if (to.startsWith('patterns/')) return 'nothing imports a pattern but the loader, by its folder'
  if (from.startsWith('patterns/')) return ofContract ? undefined : 'a pattern imports @lab/contract alone'
  if (to.includes('/testing/') && !isOfTests(from)) return 'only tests import from a folder testing/'
  const [mine, theirs] = [roomOf(from, rooms), roomOf(to, rooms)]
  if (!mine || !theirs) return undefined
  if (mine === 'services') return brokenServiceRule(from, to)
  if (rooms.indexOf(theirs) <= rooms.indexOf(mine)) return undefined
  return `${mine} comes before ${theirs}, and a room imports only from itself and those before it`
}

function brokenServiceRule(from: string, to: string): string | undefined {
  if (!to.startsWith('services/')) {
    return to === packages['@lab/contract'] || to.startsWith('framework/contract/testing/')
      ? undefined
      : 'a service imports @lab/contract and services/ alone'
  }
  const [mine, theirs] = [roomOf(from, serviceRooms), roomOf(to, serviceRooms)]
  if (!mine || !theirs || mine === theirs || isOfTests(from)) return undefined
  if (services.includes(mine) && services.includes(theirs)) return 'one service does not import another'
  if (serviceRooms.indexOf(theirs) < serviceRooms.indexOf(mine)) return undefined
  return `${mine} comes before ${theirs}, and a room imports only from itself and those before it`
}

function isOfTests(file: string): boolean {
  return /\.test\.ts$|\/testing\/|^framework\/measure\/interop\//.test(file)
}
