import { defineCommand } from '../../command.js'

/** `recipes list`. */
export const recipesList = defineCommand({
  name: 'recipes list',
  summary: 'List the contracts of this package to begin with.',
  needs: 'nothing',
  examples: ['recipes list'],
  async run(_, io) {
    const { loadRecipe, recipeNames } = await import('../../recipes/recipe.js')
    const { summaryOf } = await import('../../recipes/summary.js')
    const items = recipeNames().map((name) => summaryOf(loadRecipe(name, io)))
    const { renderTable } = await import('../../text/table.js')
    return {
      document: { items },
      render: ({ columns }) =>
        renderTable(
          items,
          [
            { title: 'Recipe', value: ({ name }) => name },
            { title: 'Engine', value: ({ engine }) => engine },
            { title: 'Proposes', value: ({ allowed_columns }) => allowed_columns.join(', '), narrow: 'cut' },
            { title: 'Role', value: ({ role }) => role ?? '' },
          ],
          columns,
        ),
    }
  },
})
