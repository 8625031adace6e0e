import { lostConnectionCases } from './lost-connection-cases.js'
import { openMysqlWorld } from './mysql-world.js'

lostConnectionCases(openMysqlWorld)
