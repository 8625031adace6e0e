import { endedCases } from './ended-cases.js'
import { openMysqlWorld } from './mysql-world.js'
import { performingCases } from './performing-cases.js'

performingCases('MariaDB', openMysqlWorld)
endedCases('MariaDB', openMysqlWorld)
