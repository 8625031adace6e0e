import * as z from 'zod'

/** What the commands around handlers print with `--json`. */
export const HANDLER_DOCUMENTS = {
  'handler template': z.union([
    z.strictObject({ templates: z.array(z.strictObject({ name: z.string(), summary: z.string() })) }),
    z.strictObject({
      template: z.string(),
      file: z.string().nullable(),
      install: z.string(),
      start: z.string(),
      content: z.string(),
    }),
  ]),
} satisfies Readonly<Record<string, z.ZodType>>
