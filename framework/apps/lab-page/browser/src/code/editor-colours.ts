import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The page's colours in the editor: they change with the page's, light and dark. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--sunk)', borderRadius: '7px', fontSize: '0.84rem' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.7rem 0' },
  '.cm-gutters': { color: 'var(--soft)', backgroundColor: 'transparent', border: '0' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--good-soft)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--bad-soft)' },
  '.cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  '&.cm-merge-b .cm-changedLineGutter': { backgroundColor: 'var(--good)' },
  '&.cm-merge-b .cm-deletedLineGutter': { backgroundColor: 'var(--bad)' },
  '.cm-complaint': {
    padding: '0.1rem 0.6rem',
    fontFamily: 'var(--sans)',
    whiteSpace: 'normal',
    color: 'var(--bad)',
    backgroundColor: 'var(--bad-soft)',
    borderLeft: '3px solid var(--bad)',
  },
})

const code = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.string, tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
])

export const editorColours = [theme, syntaxHighlighting(code)]
