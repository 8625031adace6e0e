import ts from 'typescript'

export interface SourceImport {
  /** The module as it is written, or `undefined` when it is computed. */
  readonly specifier: string | undefined
  /** `type` vanishes when compiled, `static` loads with the file, `dynamic` loads when it is reached. */
  readonly kind: 'type' | 'static' | 'dynamic'
  readonly line: number
}

/** Every module that a TypeScript source refers to, in any of the ways the language has. */
export function importsOf(source: ts.SourceFile): readonly SourceImport[] {
  const imports: SourceImport[] = []
  const visit = (node: ts.Node): void => {
    const found = importIn(node)
    if (found) imports.push({ ...found, line: lineOf(source, node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return imports
}

/** The lines on which a source switches the type checker off. */
export function uncheckedLinesOf(source: ts.SourceFile): readonly number[] {
  const lines: number[] = []
  const visit = (node: ts.Node): void => {
    if (isAssertionToAny(node)) lines.push(lineOf(source, node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  for (const { index } of source.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)\b/g)) {
    lines.push(source.getLineAndCharacterOfPosition(index).line + 1)
  }
  return lines
}

export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
}

function importIn(node: ts.Node): Omit<SourceImport, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: literal(node.moduleSpecifier), kind: isTypeImport(node.importClause) ? 'type' : 'static' }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: literal(node.moduleSpecifier), kind: node.isTypeOnly ? 'type' : 'static' }
  }
  if (ts.isImportTypeNode(node)) {
    const argument = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    return { specifier: literal(argument), kind: 'type' }
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: literal(node.moduleReference.expression), kind: node.isTypeOnly ? 'type' : 'static' }
  }
  if (ts.isCallExpression(node) && loadsModule(node.expression)) {
    return { specifier: literal(node.arguments[0]), kind: 'dynamic' }
  }
  return undefined
}

/** With `verbatimModuleSyntax` only the keyword on the whole clause makes an import vanish. */
function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function loadsModule(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}

function literal(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined
}

function isAssertionToAny(node: ts.Node): boolean {
  const isAssertion = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
  return isAssertion && node.type.kind === ts.SyntaxKind.AnyKeyword
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}
