import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'
import type { CopyProblem } from '../../../copy/copy-report.ts'

/** Says what compiler and loader complain of, each below its line. */
export const showProblems = StateEffect.define<readonly CopyProblem[]>()

export const problemLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, state }) {
    const problems = effects.find((effect) => effect.is(showProblems))?.value as
      | readonly CopyProblem[]
      | undefined
    if (!problems) return shown.map(changes)
    const placed = problems.flatMap(({ line, message }) =>
      line !== null && line <= state.doc.lines
        ? Decoration.widget({ widget: new Complaint(message), block: true, side: 1 }).range(
            state.doc.line(line).to,
          )
        : [],
    )
    return Decoration.set(placed, true)
  },
  provide: (field) => EditorView.decorations.from(field),
})

class Complaint extends WidgetType {
  readonly message: string

  constructor(message: string) {
    super()
    this.message = message
  }

  override eq({ message }: Complaint): boolean {
    return message === this.message
  }

  override toDOM(): HTMLElement {
    const line = document.createElement('div')
    line.className = 'cm-complaint'
    line.textContent = `✗ ${this.message}`
    return line
  }
}
