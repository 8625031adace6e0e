/** Version of the package, as servers and the command line name it. */
export const VERSION = '0.1.0'
