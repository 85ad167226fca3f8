/** Jest runs the sources as ES modules; esbuild only takes the types off (ts-jest cannot use TypeScript 7). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/integration/', '<rootDir>/test/e2e/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-esbuild.mjs' },
  // modules of a suite stay in memory after it: processes that have grown are replaced, else several hundred suites do not fit into one
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  cacheDirectory: '<rootDir>/.jest-cache',
};
