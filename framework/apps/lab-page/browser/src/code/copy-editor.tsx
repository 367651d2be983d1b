import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { unifiedMergeView } from '@codemirror/merge'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { CopyProblem } from '../../../copy/copy-report.ts'
import { editorColours } from './editor-colours.ts'
import { problemLines, showProblems } from './problem-lines.ts'

/** The hand on an editor from outside of it. */
export interface EditorHandle {
  /** Puts a text in the place of all; undo brings back what was there. */
  replace(text: string): void
}

/**
 * One file of a copy, with what differs from the pattern. It stands in a shadow root, where the editor can have style
 * sheets of its own: the page's policy forbids style elements.
 */
export function CopyEditor(props: {
  readonly file: string
  readonly original: string
  readonly text: string
  readonly problems: readonly CopyProblem[]
  readonly showsChanges: boolean
  readonly onType: (text: string) => void
  readonly onRun: () => void
  readonly onReady: (handle: EditorHandle) => void
}) {
  const { file, original, problems, showsChanges } = props
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(undefined)
  const changes = useRef(new Compartment())
  const now = useRef(props)
  now.current = props

  useEffect(() => {
    const at = host.current
    if (!at) return
    const root = at.shadowRoot ?? at.attachShadow({ mode: 'open' })
    const { text, onReady } = now.current
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                now.current.onRun()
                return true
              },
            },
            // Tab is not among them: it leaves the editor, as it leaves every field.
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          history(),
          lineNumbers(),
          EditorView.lineWrapping,
          javascript({ typescript: true }),
          editorColours,
          problemLines,
          changes.current.of([]),
          EditorView.contentAttributes.of({ 'aria-label': `${file} of your copy` }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) now.current.onType(state.doc.toString())
          }),
        ],
      }),
    })
    editor.current = view
    onReady({
      replace: (all) =>
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: all }, userEvent: 'input' }),
    })
    return () => view.destroy()
  }, [file])

  useEffect(() => {
    const merge = unifiedMergeView({ original, mergeControls: false, highlightChanges: false })
    editor.current?.dispatch({ effects: changes.current.reconfigure(showsChanges ? merge : []) })
  }, [original, showsChanges])

  useEffect(() => {
    editor.current?.dispatch({ effects: showProblems.of(problems) })
  }, [problems])

  return <div ref={host} className="editor" />
}
