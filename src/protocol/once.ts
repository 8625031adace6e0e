/**
 * Builds a value when it is first asked for, and only then. Schemas are made this way, so that importing the package
 * costs next to nothing.
 */
export function once<Value>(build: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined
  return () => {
    kept ??= { value: build() }
    return kept.value
  }
}
