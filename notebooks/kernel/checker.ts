import { sep } from 'node:path'
import ts from '@tslab/typescript-for-tslab'
import { awaitEverything } from './top-level-await.ts'
import { require, tslab } from './tslab.ts'

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
    getPreEmitDiagnosticsOfFiles: (program: ts.Program, files: ts.SourceFile[]) =>
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
    return { ...made, convert: (declared, source) => made.convert(declared, awaitEverything(source)) }
  }
}

function watchCompilerHost(
  files: string[],
  options: ts.CompilerOptions,
  system: ts.System,
  ...rest: [undefined, ts.DiagnosticReporter, ts.WatchStatusReporter]
) {
  const bundler = { ...options, moduleResolution: ts.ModuleResolutionKind.Bundler }
  const host = ts.createWatchCompilerHost(files, bundler, system, ...rest)
  const resolved = ts.createModuleResolutionCache(process.cwd(), (name) => name, bundler)
  host.resolveModuleNameLiterals = (names, from, redirected, settings) =>
    names.map(({ text }) =>
      isNeeded(text, from)
        ? ts.resolveModuleName(text, from, settings, system, resolved, redirected)
        : { resolvedModule: undefined },
    )
  emitInSpite(host)
  return host
}

/** A cell may import anything; a package its own parts; the framework's sources their kind and {@link neededTypes}. */
function isNeeded(name: string, from: string): boolean {
  if (isHere(from) || from.includes('/node_modules/')) return true
  return name.startsWith('.') || name.startsWith('@lab/') || neededTypes.has(name)
}

/** Makes the builder write a cell's declarations even where it could not name a type in them. */
function emitInSpite(host: ts.WatchCompilerHost<ts.BuilderProgram>): void {
  let tslabsHook: ((program: ts.BuilderProgram) => void) | undefined
  Object.defineProperty(host, 'afterProgramCreate', {
    set: (hook) => {
      tslabsHook = hook
    },
    get: () => (builder: ts.BuilderProgram) => {
      const { emit } = builder
      builder.emit = (file, ...rest) =>
        isCell(file) ? emitForced(builder.getProgram(), file, ...rest) : emit.call(builder, file, ...rest)
      tslabsHook?.(builder)
    },
  })
}

/** `forceDtsEmit` is the last, internal parameter of `Program.emit`. */
function emitForced(program: ts.Program, ...args: Parameters<ts.Program['emit']>): ts.EmitResult {
  const emit = program.emit as (...args: [...Parameters<ts.Program['emit']>, boolean]) => ts.EmitResult
  const [file, write, cancel, declarationsOnly, transformers] = args
  return emit(file, write, cancel, declarationsOnly, transformers, true)
}

function isCell(file: ts.SourceFile | undefined): boolean {
  return file !== undefined && /\/__tslab__\.[jt]s$/.test(file.fileName)
}

function isHere(path: string): boolean {
  return path.startsWith(process.cwd().split(sep).join('/')) && !path.includes('/node_modules/')
}
