/** A handler file that is ready to be filled in. */
export interface HandlerTemplate {
  /** As it is usually called. */
  readonly file: string
  readonly summary: string
  /** What has to be installed beside it, as one would type it. */
  readonly install: string
  /** How it is started. */
  readonly start: string
  readonly content: string
}
