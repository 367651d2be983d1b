import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../api-docs/testing/chromium.ts'
import { handout, print } from './handout.ts'

const executablePath = findChromium()

describe.skipIf(!executablePath)('the handout', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
  })
  afterAll(() => browser?.close())

  it('fills one A4 page', async () => {
    const { pdf, pages } = await print(await handout(), browser)
    expect(pages).toBe(1)
    expect(Buffer.from(pdf).toString('latin1')).toMatch(/\/MediaBox\s*\[\s*0 0 59[45]\S* 84[12]/)
  })

  it('is counted by its pages', async () => {
    const text = await handout()
    expect((await print(`${text}\n\n${text}`, browser)).pages).toBe(2)
  })
})
