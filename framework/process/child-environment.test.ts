import { describe, expect, it } from 'vitest'
import { serverEnvironment, toolEnvironment } from './child-environment.ts'
import { run } from './tools.ts'

const secrets = {
  OPENAI_API_KEY: 'sk-1',
  MCP_SERVER_CLIENT_SECRET: 's3cret',
  KC_BOOTSTRAP_ADMIN_PASSWORD: 'pw',
  AWS_SECRET_ACCESS_KEY: 'a',
  GITHUB_TOKEN: 'g',
  NPM_TOKEN: 'n',
  NODE_OPTIONS: '--import evil',
}
const common = {
  PATH: '/bin',
  HOME: '/home/alice',
  TMPDIR: '/tmp',
  LANG: 'C',
  LC_ALL: 'C',
  JAVA_HOME: '/jdk',
}
const ofTools = {
  GOPROXY: 'https://proxy.example',
  https_proxy: 'http://proxy.example',
  MAVEN_OPTS: '-Xmx1g',
}

describe('the environment of a child', () => {
  it('that is a server has what every program needs, and no more', () => {
    expect(serverEnvironment({ ...secrets, ...common, ...ofTools })).toEqual(common)
  })

  it('that is a tool has its own settings too, and no secret', () => {
    expect(toolEnvironment({ ...secrets, ...common, ...ofTools })).toEqual({ ...common, ...ofTools })
  })

  it('is the one of a tool, if nothing else is said', () => {
    process.env.LAB_TEST_SECRET = 's3cret'
    try {
      expect(run('sh', ['-c', 'echo "[$LAB_TEST_SECRET]"']).output).toBe('[]\n')
    } finally {
      delete process.env.LAB_TEST_SECRET
    }
  })
})
