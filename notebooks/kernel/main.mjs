// The program that Jupyter starts: node main.mjs <connection file>. It is JavaScript, and of the plainest, so that
// any Node can run it and say what is wrong; everything else is TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(
    `error: this kernel needs Node 20.20 or newer and was started with ${process.version}; ` +
      'put a newer one on your PATH and register it: pnpm run notebooks:kernel',
  )
  process.exit(2)
}

// Only the ESM loader: tsx's require() would make a second copy of every module that cells import.
const { register } = await import('tsx/esm/api')
register()
const { startKernel } = await import('./start-kernel.ts')
await startKernel(process.argv[2])
