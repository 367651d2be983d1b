import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { notebookNames, notebooksFolder } from './all-notebooks.ts'
import { differences } from './differences.ts'
import { type Notebook, type Output, readNotebook } from './notebook-file.ts'
import { drawingOf, madeOf, still, withStillPictures } from './still-pictures.ts'

const shown = (svg: string): Output => ({
  output_type: 'display_data',
  data: { 'image/svg+xml': svg, 'text/plain': 'a picture' },
  metadata: {},
})
const notebook = (...outputs: Output[]): Notebook => ({
  cells: [{ id: 'c1', cell_type: 'code', metadata: {}, source: '', outputs }],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
})
const stills = ({ cells }: Notebook) =>
  cells.flatMap(({ outputs = [] }) => outputs.map((each) => 'data' in each && each.data[still]))

it('a drawing gets a still picture, which is made anew where the drawing has changed, and only there', async () => {
  const draw = vi.fn(async (svg: string) => `drawn ${svg}`)
  const first = await withStillPictures(notebook(shown('<a/>'), shown('<b/>')), notebook(), draw)
  expect(stills(first)).toEqual(['drawn <a/>', 'drawn <b/>'])
  const second = await withStillPictures(notebook(shown('<a/>'), shown('<c/>')), first, draw)
  expect(stills(second)).toEqual(['drawn <a/>', 'drawn <c/>'])
  expect(draw.mock.calls.map(([svg]) => svg)).toEqual(['<a/>', '<b/>', '<c/>'])
})

it('a picture of another drawing is left out where no browser can draw', async () => {
  const before = await withStillPictures(notebook(shown('<a/>')), notebook(), async () => 'a')
  const after = await withStillPictures(notebook(shown('<a/>'), shown('<b/>')), before, undefined)
  expect(stills(after)).toEqual(['a', undefined])
})

it('a run without still pictures is the same run', async () => {
  const drawn = await withStillPictures(notebook(shown('<a/>')), notebook(), async () => 'a')
  expect(differences(drawn, notebook(shown('<a/>')))).toEqual([])
})

it.each(await notebookNames())('no still picture of %s is older than its drawing', async (name) => {
  const { cells } = await readNotebook(join(notebooksFolder, name))
  const outputs = cells.flatMap(({ outputs = [] }) => outputs)
  const stale = outputs.filter(
    (output) => madeOf(output) !== undefined && madeOf(output) !== drawingOf(output),
  )
  expect(stale).toEqual([])
})
