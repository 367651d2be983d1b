import { sep } from 'node:path'
import type typescript from '@tslab/typescript-for-tslab'
import { CellMistakes } from './cell-mistakes.ts'
import { awaitEverything } from './top-level-await.ts'
import { require, ts, tslab } from './tslab.ts'

/** TS2742, "the inferred type cannot be named without a reference to …": it matters to a published `.d.ts` only. */
const cannotBeNamed = 2742

/** Third-party types that the framework's own are made of. All others would be read for nothing, for seconds. */
const neededTypes = new Set(['jose'])

/**
 * Sets tslab's TypeScript for a workspace of ES modules: package.json `exports`, sources as types, and cells alone
 * are checked.
 */
export function adaptChecker(): void {
  const loaded = require.cache[require.resolve('@tslab/typescript-for-tslab')]
  if (!loaded) throw new Error('tslab uses another copy of TypeScript than this package')
  loaded.exports = {
    ...ts,
    createWatchCompilerHost: watchCompilerHost,
    getPreEmitDiagnosticsOfFiles: (program: typescript.Program, files: typescript.SourceFile[]) =>
      ts
        .getPreEmitDiagnosticsOfFiles(
          program,
          files.filter(({ fileName }) => isHere(fileName)),
        )
        .filter(({ code }) => code !== cannotBeNamed),
  }
  const converter = tslab.converter()
  const { createConverter } = converter
  converter.createConverter = (options) => {
    const made = createConverter(options)
    const mistakes = new CellMistakes()
    return {
      ...made,
      convert: (declared, source) =>
        mistakes.checked(source, () => made.convert(declared, awaitEverything(source))),
    }
  }
}

function watchCompilerHost(
  files: string[],
  options: typescript.CompilerOptions,
  system: typescript.System,
  ...rest: [undefined, typescript.DiagnosticReporter, typescript.WatchStatusReporter]
) {
  const bundler = { ...options, moduleResolution: ts.ModuleResolutionKind.Bundler }
  const host = ts.createWatchCompilerHost(files, bundler, watchingCellsAlone(system), ...rest)
  const resolved = ts.createModuleResolutionCache(process.cwd(), (name) => name, bundler)
  host.resolveModuleNameLiterals = (names, from, redirected, settings) =>
    names.map(({ text }) =>
      isNeeded(text, from)
        ? ts.resolveModuleName(text, from, settings, system, resolved, redirected)
        : { resolvedModule: undefined },
    )
  // Otherwise all names in all files are resolved once more for each cell. TypeScript gives paths in its own case.
  const here = process.cwd().toLowerCase()
  host.hasInvalidatedResolutions = (path) => isHere(path.toLowerCase(), here)
  emitCells(host)
  return host
}

/** A package that changes is loaded afresh by a new kernel only; tslab throws where its types change before. */
function watchingCellsAlone(system: typescript.System): typescript.System {
  const { watchFile } = system
  const nothing = { close() {} }
  return Object.assign(Object.create(system), {
    watchFile: (path: string, ...rest: [typescript.FileWatcherCallback, number?]) =>
      isHere(path) && watchFile ? watchFile(path, ...rest) : nothing,
    watchDirectory: () => nothing,
  })
}

/** A cell may import anything; a package its own parts; the framework's sources their kind and {@link neededTypes}. */
function isNeeded(name: string, from: string): boolean {
  if (isHere(from) || from.includes('/node_modules/')) return true
  return name.startsWith('.') || name.startsWith('@lab/') || neededTypes.has(name)
}

/**
 * Makes the builder write what cells need and nothing else: a cell's declarations even where it could not name a type
 * in them, and no source of a package, which it would check from top to bottom first.
 */
function emitCells(host: typescript.WatchCompilerHost<typescript.BuilderProgram>): void {
  let tslabsHook: ((program: typescript.BuilderProgram) => void) | undefined
  Object.defineProperty(host, 'afterProgramCreate', {
    set: (hook) => {
      tslabsHook = hook
    },
    get: () => (builder: typescript.BuilderProgram) => {
      const { emit } = builder
      builder.emit = (file, ...rest) => {
        if (file && !isHere(file.fileName)) return { emitSkipped: true, diagnostics: [] }
        return isCell(file)
          ? emitForced(builder.getProgram(), file, ...rest)
          : emit.call(builder, file, ...rest)
      }
      tslabsHook?.(builder)
    },
  })
}

/** `forceDtsEmit` is the last, internal parameter of `Program.emit`. */
function emitForced(
  program: typescript.Program,
  ...args: Parameters<typescript.Program['emit']>
): typescript.EmitResult {
  const emit = program.emit as (
    ...args: [...Parameters<typescript.Program['emit']>, boolean]
  ) => typescript.EmitResult
  const [file, write, cancel, declarationsOnly, transformers] = args
  return emit(file, write, cancel, declarationsOnly, transformers, true)
}

function isCell(file: typescript.SourceFile | undefined): boolean {
  return file !== undefined && /\/__tslab__\.[jt]s$/.test(file.fileName)
}

function isHere(path: string, here = process.cwd()): boolean {
  return path.startsWith(here.split(sep).join('/')) && !path.includes('/node_modules/')
}
