/** A value on one line, without what differs from run to run: ids, hashes, times. */
export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text
    .replace(/(run_|wrp_|ev_|rct_|hrc_|sha256:)[0-9a-f]{8}[0-9a-f-]+/g, '$1…')
    .replace(/\b[0-9a-f]{12}\b/g, '…')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(Z|\+00)?/g, '…')
}
