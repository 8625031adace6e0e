/** What a wizard asks with: a terminal, or a script. Whoever stops in the middle of it rejects. */
export interface Asker {
  /** One of few. */
  select(question: Choosing): Promise<string>
  /** One of many, found by typing. */
  search(question: Choosing): Promise<string>
  /** Any number. */
  many(question: ChoosingMany): Promise<readonly string[]>
  /** Answers with what is proposed where nothing is typed. */
  text(question: Writing): Promise<string>
  confirm(question: { readonly message: string; readonly initial: boolean }): Promise<boolean>
  /** Tells something. */
  note(text: string): void
}

export interface Option {
  readonly value: string
  readonly label: string
  /** Beside it, in a few words. */
  readonly hint?: string
  readonly disabled?: boolean
}

interface Choosing {
  readonly message: string
  readonly options: readonly Option[]
  readonly initial?: string | undefined
}

interface ChoosingMany {
  readonly message: string
  readonly options: readonly Option[]
  readonly initial: readonly string[]
  /** At least one. */
  readonly required: boolean
}

interface Writing {
  readonly message: string
  readonly initial: string
  /** What is wrong with it, in a sentence; `undefined` where nothing is. */
  readonly check?: (text: string) => string | undefined
}
