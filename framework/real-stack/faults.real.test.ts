import { afterAll, afterEach, beforeAll } from 'vitest'
import { progress, stack, stopStarted, tearDown } from './faults/breakable-stack.ts'
import { faultsOfClocks } from './faults/clocks.ts'
import { outages } from './faults/outages.ts'
import { faultsOfTheRealm } from './faults/realm-changes.ts'
import { faultsOfSetUp } from './faults/set-up.ts'
import { faultsOfTheTokenForm } from './faults/token-form.ts'

beforeAll(() => stack.up(progress))
afterEach(stopStarted)
afterAll(tearDown)

faultsOfSetUp()
faultsOfClocks()
faultsOfTheRealm()
faultsOfTheTokenForm()
outages()
