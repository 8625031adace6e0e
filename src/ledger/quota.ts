/** How many proposals one tenant may make by one capability, and as of when they are counted. */
export interface ProposalQuota {
  readonly tenant_id: string
  readonly capability: string
  /** At most so many that are open at {@link as_of}: not ended, nor past their expiry while they wait. */
  readonly open?: number
  /** At most so many created after {@link since}, whatever became of them. */
  readonly created?: number
  /** RFC 3339, UTC. */
  readonly as_of: string
  /** RFC 3339, UTC. */
  readonly since: string
}

/** Which limits of a quota are reached, so that another proposal would be one too many. */
export interface QuotaUse {
  readonly open_reached: boolean
  /** When the oldest of those was created that must be older than the window first; `null` where there is room. */
  readonly created_reached: string | null
}
