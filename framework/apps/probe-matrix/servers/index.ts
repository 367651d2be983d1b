import type { ForeignServer } from '../foreign-server.ts'
import { fastapi } from './fastapi.ts'
import { fastmcp } from './fastmcp.ts'
import { goSdk } from './go-sdk.ts'
import { pythonSdk } from './python-sdk.ts'
import { typescriptSdk1, typescriptSdk2 } from './typescript.ts'

/** In the order of the page. */
export const foreignServers: readonly ForeignServer[] = [
  fastmcp,
  pythonSdk,
  typescriptSdk1,
  typescriptSdk2,
  goSdk,
  fastapi,
]
