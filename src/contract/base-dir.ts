const BASE_DIR = Symbol.for('@synapsor/runner.base_dir')

/** The folder of the file that `config` was loaded from; `undefined` for a contract that was not loaded from a file. */
export function baseDirOf(config: object): string | undefined {
  const folder: unknown = Reflect.get(config, BASE_DIR)
  return typeof folder === 'string' ? folder : undefined
}

/** Remembers the folder on `config`, where neither JSON nor a digest sees it. */
export function rememberBaseDir(config: object, folder: string | undefined): void {
  if (folder !== undefined) Object.defineProperty(config, BASE_DIR, { value: folder })
}
