export { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'
