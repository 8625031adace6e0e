/** Lines that go on from where the demo ends, to be typed as they stand. */
export function nextLines(folder: string): readonly string[] {
  return [
    `cd ${quoted(folder)}`,
    'synapsor-runner tools preview',
    'synapsor-runner propose billing.propose_late_fee_waiver --sample',
    'synapsor-runner proposals show latest',
    'synapsor-runner proposals approve latest --as dana --yes',
    'synapsor-runner apply latest',
    'synapsor-runner replay latest',
  ]
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
