import { join } from 'node:path'
import ts from 'typescript'

/** Public entries of the package and their sources. */
const ENTRIES = {
  '@synapsor/runner': 'src/index.ts',
  '@synapsor/runner/ai': 'adapters/ai/index.ts',
  '@synapsor/runner/openai-agents': 'adapters/openai-agents/index.ts',
  '@synapsor/runner/langgraph': 'adapters/langgraph/index.ts',
  '@synapsor/runner/mcp': 'adapters/mcp/index.ts',
  '@synapsor/runner/function-calling': 'adapters/function-calling/index.ts',
  '@synapsor/runner/handler': 'src/handler/index.ts',
  '@synapsor/runner/testing': 'src/testing/index.ts',
}

/** Lists every public name with its declaration, so that a change of it shows in a review. */
export function apiSurface(root: string): string {
  const files = Object.values(ENTRIES).map((path) => join(root, path))
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
    rootDir: root,
  })
  return Object.entries(ENTRIES)
    .flatMap(([name, path]) => listEntry(program, name, join(root, path)))
    .join('\n')
}

function listEntry(program: ts.Program, name: string, path: string): readonly string[] {
  const file = program.getSourceFile(path)
  if (file === undefined) return []
  const checker = program.getTypeChecker()
  const symbol = checker.getSymbolAtLocation(file)
  const exported = symbol === undefined ? [] : checker.getExportsOfModule(symbol)
  const listed = exported
    .map((each) => (each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((each) => signatures(each.declarations ?? []).map((declaration) => describe(declaration, checker)))
  return [`# ${name}`, '', ...new Set(listed), '']
}

/** Of an overloaded function only what a caller can choose from. */
function signatures(declarations: readonly ts.Declaration[]): readonly ts.Declaration[] {
  if (declarations.length === 1) return declarations
  return declarations.filter((each) => !ts.isFunctionDeclaration(each) || each.body === undefined)
}

const printer = ts.createPrinter({ removeComments: true })

/** One declaration on one line, without bodies and values. */
function describe(declaration: ts.Declaration, checker: ts.TypeChecker): string {
  if (ts.isVariableDeclaration(declaration)) {
    return `const ${declaration.name.getText()}: ${typeText(declaration, checker)}`
  }
  return print(withoutBody(declaration), declaration.getSourceFile())
}

function typeText(declaration: ts.Declaration, checker: ts.TypeChecker): string {
  const type = checker.getTypeAtLocation(declaration)
  const keys = checker.getPropertiesOfType(type).map((property) => property.name)
  return keys.length > 20 ? `{ ${keys.join('; ')} }` : checker.typeToString(type, declaration)
}

function withoutBody(node: ts.Node): ts.Node {
  const { factory } = ts
  if (ts.isFunctionDeclaration(node)) {
    const { modifiers, asteriskToken, name, typeParameters, parameters, type } = node
    return factory.updateFunctionDeclaration(
      node,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      undefined,
    )
  }
  if (!ts.isClassDeclaration(node)) return node
  const members = node.members.map((member) => {
    if (ts.isConstructorDeclaration(member)) {
      return factory.updateConstructorDeclaration(member, member.modifiers, member.parameters, undefined)
    }
    if (!ts.isMethodDeclaration(member)) return member
    const { modifiers, asteriskToken, name, questionToken, typeParameters, parameters, type } = member
    return factory.updateMethodDeclaration(
      member,
      modifiers,
      asteriskToken,
      name,
      questionToken,
      typeParameters,
      parameters,
      type,
      undefined,
    )
  })
  return factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  )
}

function print(node: ts.Node, file: ts.SourceFile): string {
  return printer
    .printNode(ts.EmitHint.Unspecified, node, file)
    .replace(/^export /, '')
    .replace(/\s+/g, ' ')
}
