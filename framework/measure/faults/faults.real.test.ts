import { afterAll, afterEach, beforeAll } from 'vitest'
import { progress, stack, stopStarted, tearDown } from './breakable-stack.ts'
import { faultsOfClocks } from './clocks.ts'
import { faultsOfOutages } from './outages.ts'
import { faultsOfRealms } from './realm-changes.ts'
import { faultsOfSetUp } from './set-up.ts'
import { faultsOfTokenForms } from './token-form.ts'

beforeAll(() => stack.up(progress))
afterEach(stopStarted)
afterAll(tearDown)

faultsOfSetUp()
faultsOfClocks()
faultsOfRealms()
faultsOfTokenForms()
faultsOfOutages()
