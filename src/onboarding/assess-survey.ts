import type { DatabaseSurvey } from '../drivers/survey.js'
import { assessTable } from './assess-table.js'
import type { TableAssessment } from './assessment.js'

/** Every table of a survey, in its order. */
export function assessSurvey({ engine, tables }: DatabaseSurvey): readonly TableAssessment[] {
  return tables.map((table) => assessTable(engine, table))
}
