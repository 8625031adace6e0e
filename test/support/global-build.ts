import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { projectRoot, runCommand } from './command.js'

/** What the package tests look at: the outcome of one build and of packing it. */
export interface PackageBuild {
  /** What the failing step wrote; empty when all went well. */
  readonly failure: string
  /** The path of the tarball as it would be published. */
  readonly tarball: string
  /** The paths in the tarball. */
  readonly files: readonly string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    packageBuild: PackageBuild
  }
}

/** Builds and packs once for all package tests. A failure is a failed test, not an end of the run. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('packageBuild', await buildAndPack())
}

async function buildAndPack(): Promise<PackageBuild> {
  const build = await runCommand('tsup')
  if (build.exitCode !== 0) return { failure: build.output, tarball: '', files: [] }

  const directory = join(projectRoot, 'build', 'package')
  await mkdir(directory, { recursive: true })
  const pack = await runCommand('npm', 'pack', '--json', '--ignore-scripts', `--pack-destination=${directory}`)
  if (pack.exitCode !== 0) return { failure: pack.output, tarball: '', files: [] }

  const [packed] = JSON.parse(pack.stdout) as { filename: string; files: { path: string }[] }[]
  if (packed === undefined) return { failure: pack.output, tarball: '', files: [] }
  return { failure: '', tarball: join(directory, packed.filename), files: packed.files.map((file) => file.path) }
}
