import { readRealm } from '../../scenario/realm/index.ts'
import { startEmbeddedIdp } from './index.ts'
import { describeWhatEnds } from './testing/what-ends.ts'

describeWhatEnds('the embedded IdP', () => startEmbeddedIdp({ realm: readRealm(), audit: () => {} }))
