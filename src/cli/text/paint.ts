import picocolors from 'picocolors'

/** Colours, or nothing where there are none. */
export type Paint = Pick<
  ReturnType<typeof picocolors.createColors>,
  'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'
>

export function createPaint(colors: boolean): Paint {
  return picocolors.createColors(colors)
}
