/** A program in its own language under docs/, beside the lab: how it is installed, built and run. */
export interface NativeProgram {
  readonly name: string
  /** Its folder in the checkout: docs/…/… */
  readonly folder: string
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
}

/** A change of the source, which takes a check out as somebody may forget it. */
export interface Change {
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
}
