import { join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'

/** The packages that a pattern may import, and where their types are. */
const packages = {
  '@lab/contract': 'framework/contract/index.ts',
  '@lab/framework/oauth-client': 'framework/parties/oauth-client/index.ts',
}

/**
 * The settings under which a pattern's folder has types wherever it stands: those of the project, with the packages
 * by their paths. A line that is taken out for a try may leave a name unused.
 * @param place gives a path of the checkout as the settings shall name it; default: absolute
 * @param more further packages
 */
export function patternTsconfig(
  place: (path: string) => string = absolute,
  more: Readonly<Record<string, string>> = {},
) {
  return {
    extends: place('tsconfig.json'),
    compilerOptions: {
      // A folder without a package.json would otherwise count as CommonJS.
      module: 'preserve',
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: Object.fromEntries(
        Object.entries({ ...packages, ...more }).map(([name, path]) => [name, [place(path)]]),
      ),
      typeRoots: [place('node_modules/@types')],
    },
  }
}

function absolute(path: string): string {
  return join(projectFolder, path)
}
