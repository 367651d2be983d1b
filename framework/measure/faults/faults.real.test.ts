import { afterAll, afterEach, beforeAll } from 'vitest'
import { progress, stack, stopStarted, tearDown } from './breakable-stack.ts'
import { faultsOfClocks } from './clocks.ts'
import { outages } from './outages.ts'
import { faultsOfTheRealm } from './realm-changes.ts'
import { faultsOfSetUp } from './set-up.ts'
import { faultsOfTheTokenForm } from './token-form.ts'

beforeAll(() => stack.up(progress))
afterEach(stopStarted)
afterAll(tearDown)

faultsOfSetUp()
faultsOfClocks()
faultsOfTheRealm()
faultsOfTheTokenForm()
outages()
