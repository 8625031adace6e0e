import { defineCommand } from '../../command.js'
import type { RecipeSummary } from '../../recipes/summary.js'

/** `recipes show`. */
export const recipesShow = defineCommand({
  name: 'recipes show',
  summary: 'Show a recipe: its table, its columns, its limits, its role.',
  needs: 'nothing',
  args: [{ name: 'recipe', summary: 'A name of recipes list, or a file.' }],
  examples: ['recipes show billing.late_fee_waiver'],
  async run({ args }, io) {
    const { loadRecipe } = await import('../../recipes/recipe.js')
    const { summaryOf } = await import('../../recipes/summary.js')
    const { renderFields } = await import('../../text/fields.js')
    const { escapeLines } = await import('../../text/lines.js')
    const { escapeUntrusted } = await import('../../untrusted-text.js')
    const recipe = loadRecipe(args.recipe ?? '', io)
    const summary = summaryOf(recipe)
    return {
      document: { ...summary, sql: recipe.sql },
      render: ({ columns, paint }) =>
        [
          paint.bold(escapeUntrusted(summary.name)),
          renderFields(
            fieldsOf(summary).map(([label, value]) => [label, escapeUntrusted(value)]),
            columns,
          ),
          ...(recipe.sql === null ? [] : [`${paint.bold('Its table')}\n${escapeLines(recipe.sql.trimEnd())}`]),
        ].join('\n\n'),
    }
  },
})

function fieldsOf(summary: RecipeSummary): readonly (readonly [string, string])[] {
  return [
    ['Engine', summary.engine],
    ['Table', summary.table],
    ['Tools', summary.capabilities.join(', ')],
    ['Shows', summary.visible_columns.join(', ')],
    ['Proposes', summary.allowed_columns.join(', ')],
    ['Limits', summary.limits.join('; ')],
    ['Role', summary.role ?? 'none'],
  ]
}
