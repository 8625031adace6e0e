import * as z from 'zod'

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      optional: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})
type LockedPackage = z.infer<typeof lockFile>['packages'][string]

/** Lists what is installed with the package, directly or not, with versions and licences, from the lock file. */
export function licencesPage(lockText: string): string {
  const { packages } = lockFile.parse(JSON.parse(lockText))
  const installed = closure(packages)
  const rows = [...installed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, found]) => row(name, found, packages['']))
  return [
    '# Licences of dependencies',
    '',
    'What `npm install @synapsor/runner` brings with it, from the lock file. `npm run schemas` writes this page.',
    '',
    '| Package | Version | Licence | Installed |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `${installed.size} packages.`,
    '',
  ].join('\n')
}

function closure(packages: Readonly<Record<string, LockedPackage>>): ReadonlyMap<string, LockedPackage> {
  const found = new Map<string, LockedPackage>()
  const waiting = dependenciesOf(packages[''])
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const locked = packages[`node_modules/${name}`]
    if (locked === undefined || found.has(name)) continue
    found.set(name, locked)
    waiting.push(...dependenciesOf(locked))
  }
  return found
}

function dependenciesOf(locked: LockedPackage | undefined): string[] {
  return [...Object.keys(locked?.dependencies ?? {}), ...Object.keys(locked?.optionalDependencies ?? {})]
}

function row(name: string, { version, license, optional }: LockedPackage, root: LockedPackage | undefined): string {
  const direct = dependenciesOf(root).includes(name) ? 'directly' : 'through others'
  return `| ${name} | ${version} | ${license ?? 'not stated'} | ${direct}${optional ? ', where the platform has it' : ''} |`
}
