import { describeOnboarding } from './end-to-end.js'

describeOnboarding('postgres')
