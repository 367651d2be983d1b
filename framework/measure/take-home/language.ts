/** A language of docs/take-home/: how its service is installed, built and run, and how somebody may get it wrong. */
export interface Language {
  readonly name: string
  /** Its folder under docs/take-home/. */
  readonly folder: string
  /** The libraries that do the work. */
  readonly libraries: string
  /** The names of its source files. */
  readonly source: RegExp
  /** The programs that it needs on the machine: how to ask for their version, and where to get them. */
  readonly needs: Readonly<Record<string, { readonly version: readonly string[]; readonly at: string }>>
  /** The files that say what it depends on. */
  readonly dependencyFiles: readonly string[]
  /** Commands that install that, in a folder of their own with these files: `{deps}`. */
  readonly install: readonly (readonly string[])[]
  /** Commands that build it, in a copy of its folder: `{folder}`. */
  readonly build: readonly (readonly string[])[]
  /** The command that runs it, in that copy. */
  readonly start: readonly string[]
  readonly mistakes: readonly Mistake[]
}

/** One check taken out of the source, as somebody may forget it. */
export interface Mistake {
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly pattern: string
  /** The attack that succeeds with it, and is blocked without. */
  readonly noticedBy: string
}
